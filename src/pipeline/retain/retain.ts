import type { RetainResult } from "../../dto/retain.js";
import type { BankOptions } from "../../spi/call-options.js";
import { addUsage, noUsage } from "../llm/ask-model.js";
import type { Pipeline } from "../pipeline.js";
import type { DedupRule } from "./drop-duplicates.js";
import { findUnlinked } from "./find-unlinked.js";
import { linkMemories, type Linked, type StoredContent } from "./link-memories.js";
import { drawObservations, isObservable } from "./observations/observe.js";
import { prepareContent, type KeyedRetainRequest } from "./prepare-content.js";
import { prepareItems, type Outcome } from "./prepare-items.js";
import { repeatedResult, retainResult, withUsage } from "./retain-results.js";
import { selectNew } from "./select-new.js";
import { storeContents } from "./store-contents.js";

export interface RetainCallOptions extends BankOptions {
  /** Absent, nothing is compared. */
  readonly dedup?: DedupRule | undefined;
  /** Runs a task after the call, with providers of its own; says whether it will. Absent, nothing is done afterwards. */
  readonly later?: ((task: (pipeline: Pipeline) => Promise<void>) => boolean) | undefined;
}

function answerOf({ items, usage, refusal }: Outcome, linked: Linked | undefined): RetainResult {
  const ids = items.map(({ id }) => id);
  return withUsage(refusal ?? retainResult(ids, true), addUsage(usage, linked?.usage ?? noUsage));
}

/** Links again what the graph lost. Gives the answers of the contents for which that asked a model, by their first ids. */
async function heal(
  pipeline: Pipeline,
  retained: readonly StoredContent[],
  bank: BankOptions,
): Promise<Map<string, RetainResult>> {
  const answers = new Map<string, RetainResult>();
  const unlinked = await findUnlinked(pipeline, retained, bank);
  if (unlinked.length === 0) return answers;
  const linked = await linkMemories(pipeline, unlinked, bank);
  for (const { content, items } of unlinked) {
    const ids = items.map(({ id }) => id);
    const { usage = noUsage } = linked.get(content.firstId) ?? {};
    answers.set(content.firstId, withUsage(retainResult(ids, false), usage));
  }
  return answers;
}

/** Hands what was stored to the observations, which are drawn after the call. */
function observeLater(
  pipeline: Pipeline,
  outcomes: readonly Outcome[],
  { bankId, later }: RetainCallOptions,
): void {
  for (const stored of outcomes) {
    if (later === undefined || !isObservable(pipeline, stored)) continue;
    if (!later((background) => drawObservations(background, stored))) {
      pipeline.logger.warn("astrocyte.retain.observation_dropped", { bank_id: bankId });
    }
  }
}

/**
 * Stores contents of one bank: normalise, chunk, look up keyed ones, describe as facts, embed in one call, drop duplicates,
 * store in one call, mirror, link, and observe afterwards. What enriches a content may fail without failing it.
 *
 * @returns One result a request, in order. A blank content is `stored: false` with `error`; a keyed content that is there
 *   already is `stored: false, deduplicated: true` with its ids.
 * @throws IdempotencyConflictError when a key was used before with other content; then nothing of the call is stored.
 */
export async function retain(
  pipeline: Pipeline,
  requests: readonly KeyedRetainRequest[],
  options: RetainCallOptions,
): Promise<RetainResult[]> {
  const contents = requests.map((request) => prepareContent(pipeline, request));
  // Looking a key up and storing under it must not interleave with another call of this process.
  const keys = contents.filter(({ isKeyed }) => isKeyed).map(({ firstId }) => firstId);
  const { dedup, later: _later, ...bank } = options;
  return pipeline.retainMutex.run(keys, async () => {
    const results: RetainResult[] = [];
    const { fresh, retained } = await selectNew(pipeline, contents, results, bank);
    const answers = await heal(pipeline, retained, bank);
    if (fresh.length > 0) {
      const step = await prepareItems(pipeline, fresh, dedup, bank);
      const linked = await storeContents(pipeline, step, bank);
      observeLater(pipeline, step.outcomes, options);
      for (const outcome of step.outcomes) {
        const { firstId } = outcome.content;
        answers.set(firstId, answerOf(outcome, linked.get(firstId)));
      }
    }
    return results.map((planned, index) => {
      const answer = answers.get(contents[index]?.firstId ?? "");
      if (answer === undefined) return planned;
      return planned.stored ? answer : repeatedResult(answer);
    });
  });
}
