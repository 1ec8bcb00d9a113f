import type { ModelUsage } from "../../dto/llm.js";
import type { RetainResult } from "../../dto/retain.js";
import { toTimestamp } from "../../dto/timestamp.js";
import type { VectorItem } from "../../dto/vector.js";
import { inGroups } from "../../internal/in-groups.js";
import type { BankOptions, CallOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";
import { buildItems } from "./build-items.js";
import { dropDuplicates, type DedupRule } from "./drop-duplicates.js";
import { embedMemories } from "./embed-memories.js";
import { findFacts } from "./extraction/find-facts.js";
import type { StoredContent } from "./link-memories.js";
import type { PreparedContent } from "./prepare-content.js";

const contentsAtOnce = 8;

/** Embeds the chunks of all contents in one call; the memories of each content. */
async function embedItems(
  pipeline: Pipeline,
  contents: readonly PreparedContent[],
  options: CallOptions,
): Promise<VectorItem[][]> {
  const texts = contents.flatMap(({ chunks }) => chunks.map(({ text }) => text));
  const vectors = await embedMemories(pipeline, texts, options);
  const retainedAt = toTimestamp(pipeline.clock.now());
  let next = 0;
  return contents.map((content) => {
    const first = next;
    next += content.chunks.length;
    const own = vectors?.slice(first, next);
    return buildItems(content, own, retainedAt, texts.length > 1 ? first : undefined);
  });
}

/** What was done with one content. */
export interface Outcome extends StoredContent {
  readonly usage: ModelUsage;
  /** Why nothing is stored. */
  readonly refusal?: RetainResult | undefined;
}

export interface StoreStep {
  readonly outcomes: readonly Outcome[];
  readonly replacedIds: readonly string[];
}

/** Facts where configured, embeddings in one call, and without what is stored already. */
export async function prepareItems(
  pipeline: Pipeline,
  fresh: readonly PreparedContent[],
  dedup: DedupRule | undefined,
  options: BankOptions,
): Promise<StoreStep> {
  const described = await inGroups(fresh, contentsAtOnce, (content) =>
    findFacts(pipeline, content, options),
  );
  const contents = described.map(({ content }) => content);
  const outcomes: Outcome[] = [];
  const replacedIds: string[] = [];
  for (const [index, items] of (await embedItems(pipeline, contents, options)).entries()) {
    const found = described[index];
    if (found === undefined) continue;
    if (dedup === undefined) {
      outcomes.push({ ...found, items });
      continue;
    }
    const { kept, refusal, ...rest } = await dropDuplicates(pipeline, items, dedup, options);
    outcomes.push({ ...found, items: kept, refusal });
    replacedIds.push(...rest.replacedIds);
  }
  return { outcomes, replacedIds };
}
