import type { RetainResult } from "../../dto/retain.js";
import { recordKey, suspectKey } from "../../dto/reserved.js";
import type { VectorItem } from "../../dto/vector.js";
import type { BankOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";

/** What to do with a chunk that says what a stored memory says already. */
export interface DedupRule {
  /** Cosine similarity from which two memories say the same. */
  readonly similarityThreshold: number;
  /**
   * `skip_chunk` leaves the chunk out, `skip` refuses the whole content, `warn` stores it all the same, `update` puts it in the
   * place of what it repeats.
   */
  readonly action: "skip_chunk" | "skip" | "warn" | "update";
  /** Whether the store is asked for its nearest memory too; otherwise only what this process stored lately is compared. */
  readonly checkStore: boolean;
  /** Told the number of duplicates of each content that has any. */
  readonly onDuplicates?: ((count: number) => void) | undefined;
}

export interface Deduplicated {
  readonly kept: readonly VectorItem[];
  /** Memories that the kept ones take the place of. */
  readonly replacedIds: readonly string[];
  /** Why nothing of the content is stored. */
  readonly refusal?: RetainResult | undefined;
}

function refusal(error: string): RetainResult {
  return { stored: false, deduplicated: true, curated: false, error };
}

async function duplicateOf(
  pipeline: Pipeline,
  { id, bankId, vector }: VectorItem,
  { similarityThreshold, checkStore }: DedupRule,
  options: BankOptions,
): Promise<string | undefined> {
  if (vector.length === 0) return undefined;
  // A memory that is stored again, because an earlier retain was cut off, does not repeat itself.
  pipeline.dedup.remove(bankId, id);
  const cached = pipeline.dedup.findDuplicate(bankId, vector, similarityThreshold);
  if (cached !== undefined) return cached;
  const { vectorStore } = pipeline;
  if (!checkStore || vectorStore.capabilities.scoreMeaning !== "similarity") return undefined;
  const [nearest] = await vectorStore.searchSimilar(vector, { ...options, limit: 1 });
  const isSame =
    nearest !== undefined &&
    nearest.score >= similarityThreshold &&
    nearest.id !== id &&
    // An honest content must not be left out because of one that may be kept out of recall.
    nearest.metadata?.[suspectKey] === undefined &&
    // A record is its writer's alone: nothing may take its place, or be left out for its sake.
    nearest.metadata?.[recordKey] === undefined;
  return isSame ? nearest.id : undefined;
}

/** Compares the chunks of one content with what the bank holds; not with each other, and not with the rest of the call. */
export async function dropDuplicates(
  pipeline: Pipeline,
  items: readonly VectorItem[],
  rule: DedupRule,
  options: BankOptions,
): Promise<Deduplicated> {
  const duplicates = new Map<VectorItem, string>();
  for (const item of items) {
    const id = await duplicateOf(pipeline, item, rule, options);
    if (id !== undefined) duplicates.set(item, id);
  }
  if (duplicates.size === 0) return { kept: items, replacedIds: [] };
  rule.onDuplicates?.(duplicates.size);
  const replacedIds = rule.action === "update" ? [...new Set(duplicates.values())] : [];
  if (rule.action === "warn" || rule.action === "update") return { kept: items, replacedIds };
  if (rule.action === "skip") {
    const error = "Duplicate chunk(s) found; rule action=skip";
    return { kept: [], replacedIds, refusal: refusal(error) };
  }
  const kept = items.filter((item) => !duplicates.has(item));
  if (kept.length > 0) return { kept, replacedIds };
  return { kept, replacedIds, refusal: refusal("All chunks are near-duplicates") };
}
