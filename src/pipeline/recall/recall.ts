import type { RecallRequest, RecallResult } from "../../dto/recall.js";
import type { VectorFilters } from "../../dto/vector.js";
import { enforceTokenBudget } from "../../policy/tokens.js";
import type { CallOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";
import { analyseTime } from "./analyse-time.js";
import { externalCandidates } from "./external-candidates.js";
import { repeatRecall, type RepeatInput } from "./cache/repeat-recall.js";
import { classifyIntent } from "./intent/classify-intent.js";
import { orderHead } from "./order-head.js";
import { postFilter } from "./post-filter.js";
import { RecallLog } from "./recall-log.js";
import { search } from "./search.js";
import { toHit } from "./to-hit.js";

export interface RecallCallOptions extends CallOptions {
  /** Leaves out memories that read like instructions. */
  readonly excludeSuspects?: boolean | undefined;
  /** Whether hits come with their explanation, and the trace with the time of each stage. */
  readonly explain?: boolean | undefined;
  /** Whether what a similar recall found may be given again, where the configuration lets recalls be kept. */
  readonly isRepeatable?: boolean | undefined;
}

/**
 * Finds memories: embed the query, read its time, search, add what is linked, filter, order, cut to size and budget.
 *
 * @throws The embedding provider's error; of several searches of the stores, a failing one only loses its own candidates.
 */
export async function recall(
  pipeline: Pipeline,
  request: RecallRequest,
  {
    signal,
    excludeSuspects = false,
    explain = false,
    isRepeatable = false,
  }: RecallCallOptions = {},
): Promise<RecallResult> {
  const { clock, embedder, logger } = pipeline;
  const start = clock.monotonic();
  const log = new RecallLog({ clock, logger, explain });
  const vectors = await log.stage("embedding", () =>
    embedder.embed([request.query], { inputType: "query", signal }),
  );
  const timeRange = await log.stage("query_analysis", () =>
    analyseTime(pipeline, request, log, { signal }),
  );
  const input = { queryVector: vectors?.[0], timeRange, excludeSuspects, log, signal };
  const find = () => findMemories(pipeline, request, input);
  const found = await (isRepeatable ? repeatRecall(pipeline, request, input, find) : find());
  return {
    ...found,
    trace: { ...found.trace, ...log.trace, latencyMs: clock.monotonic() - start },
    ...(log.usage === undefined ? {} : { usage: log.usage }),
  };
}

/** Everything after the query has been read. */
async function findMemories(
  pipeline: Pipeline,
  request: RecallRequest,
  { queryVector, timeRange, excludeSuspects, log, signal }: RepeatInput,
): Promise<RecallResult> {
  const { options } = pipeline;
  const { query, bankId, tags, factTypes, asOf, sessionId, layerWeights } = request;
  const maxResults = Math.max(1, request.maxResults);
  const filters: VectorFilters = { tags, factTypes, timeRange, asOf, sessionId };
  const { entries, topSemanticScore, trace } = await search(pipeline, {
    query,
    queryVector,
    intent: classifyIntent(query).intent,
    bankId,
    filters,
    limit: maxResults * (options.overfetch ?? 5),
    signal,
    log,
    excludeSuspects,
    external: externalCandidates(request.externalContext ?? []),
    layerWeights,
  });
  const passed = postFilter(entries, filters, excludeSuspects);
  log.explanations?.passed(passed, filters);
  const ordered = await log.stage("ordering", () =>
    orderHead(pipeline, query, passed, log, { signal }),
  );
  const hits = ordered.slice(0, maxResults).map((entry) => toHit(entry, bankId, log));
  const budgeted = enforceTokenBudget(hits, request.maxTokens, pipeline.countTokens);
  return {
    ...budgeted,
    totalAvailable: ordered.length,
    topSemanticScore,
    trace,
  };
}
