import type { RecallRequest, RecallResult } from "../../../dto/recall.js";
import type { TimeRange } from "../../../dto/timestamp.js";
import type { Pipeline } from "../../pipeline.js";
import type { RecallLog } from "../recall-log.js";
import { recallScope } from "./recall-scope.js";

export interface RepeatInput {
  readonly queryVector: readonly number[] | undefined;
  /** That of the request, or read out of the query. */
  readonly timeRange: TimeRange | undefined;
  readonly excludeSuspects: boolean;
  readonly log: RecallLog;
  readonly signal?: AbortSignal | undefined;
}

async function revisionOf(
  { vectorStore }: Pipeline,
  { bankId }: RecallRequest,
  { log, signal }: RepeatInput,
): Promise<number | undefined> {
  try {
    return await vectorStore.bankRevision?.({ bankId, signal });
  } catch (error) {
    signal?.throwIfAborted();
    log.fail("recall_cache", error);
    return undefined;
  }
}

/**
 * Gives what a similar query with the same filters found, or else asks and keeps the answer. Nothing is kept of a store that
 * cannot tell its changes, since what another process forgets must be gone here too; nor of an explained recall, nor of one in
 * which something failed.
 */
export async function repeatRecall(
  pipeline: Pipeline,
  request: RecallRequest,
  input: RepeatInput,
  ask: () => Promise<RecallResult>,
): Promise<RecallResult> {
  const { recallCache: cache } = pipeline;
  const { queryVector, timeRange, excludeSuspects, log } = input;
  if (cache === undefined || queryVector === undefined || log.explanations !== undefined)
    return ask();
  const { generation } = cache;
  const revision = await revisionOf(pipeline, request, input);
  const scope = recallScope(request, JSON.stringify([revision, timeRange, excludeSuspects]));
  if (revision === undefined || scope === undefined) return ask();
  const key = { bankId: request.bankId, scope };
  const known = cache.get(key, queryVector);
  if (known !== undefined) return structuredClone(known);
  const found = await ask();
  if (!log.isPartial && cache.generation === generation) {
    const { hits, totalAvailable, truncated, topSemanticScore, trace } = structuredClone(found);
    const kept = { totalCandidates: trace?.totalCandidates, fusionMethod: "cache", cacheHit: true };
    cache.put(key, queryVector, { hits, totalAvailable, truncated, topSemanticScore, trace: kept });
  }
  return found;
}
