import type { MemoryHit, RecallRequest, RecallResult, RecallTrace } from "../../dto/recall.js";
import { sourceKey } from "../../dto/reserved.js";
import type { VectorFilters } from "../../dto/vector.js";
import { enforceTokenBudget } from "../../policy/tokens.js";
import type { CallOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";
import type { Candidate } from "./candidate.js";
import { reciprocalRankFusion, type Fused } from "./fusion.js";
import { postFilter } from "./post-filter.js";
import { runStrategies, type StrategyRun } from "./run-strategies.js";

function filtersOf({ tags, factTypes, timeRange, asOf, sessionId }: RecallRequest): VectorFilters {
  return { tags, factTypes, timeRange, asOf, sessionId };
}

/** The caller's view of a memory: its source is a field, not metadata. */
function toHit({ item, fusedScore, foundBy }: Fused<Candidate>, bankId: string): MemoryHit {
  const { id, metadata: { [sourceKey]: source, ...metadata } = {}, ...fields } = item;
  return {
    ...fields,
    ...(item.metadata === undefined ? {} : { metadata }),
    ...(typeof source === "string" ? { source } : {}),
    memoryId: id,
    bankId,
    score: fusedScore,
    strategies: [...foundBy],
  };
}

function traceOf(runs: readonly StrategyRun[], latencyMs: number): RecallTrace {
  return {
    strategiesUsed: runs.filter(({ error }) => error === undefined).map(({ name }) => name),
    totalCandidates: runs.reduce((total, { items }) => total + items.length, 0),
    fusionMethod: "rrf",
    latencyMs,
    strategyTimingsMs: Object.fromEntries(
      runs.map(({ name, milliseconds }) => [name, milliseconds]),
    ),
    strategyCandidateCounts: Object.fromEntries(
      runs.map(({ name, items }) => [name, items.length]),
    ),
  };
}

export interface RecallCallOptions extends CallOptions {
  /** Leaves out memories that read like instructions. */
  readonly excludeSuspects?: boolean | undefined;
}

/**
 * Finds memories: embed the query, ask the strategies at once, fuse by rank, filter, cut to size and budget.
 *
 * @throws The embedding provider's error; a failing strategy only loses its own candidates.
 */
export async function recall(
  pipeline: Pipeline,
  request: RecallRequest,
  { signal, excludeSuspects = false }: RecallCallOptions = {},
): Promise<RecallResult> {
  const start = pipeline.clock.monotonic();
  const { query, bankId } = request;
  const maxResults = Math.max(1, request.maxResults);
  const filters = filtersOf(request);
  const vectors = await pipeline.embedder.embed([query], { inputType: "query", signal });
  const runs = await runStrategies(pipeline, {
    query,
    queryVector: vectors?.[0],
    bankId,
    filters,
    limit: maxResults * (pipeline.options.overfetch ?? 5),
    signal,
  });
  const fused = reciprocalRankFusion(runs, pipeline.options.rrfK);
  const kept = postFilter(fused, filters, excludeSuspects);
  const hits = kept.slice(0, maxResults).map((entry) => toHit(entry, bankId));
  const budgeted = enforceTokenBudget(hits, request.maxTokens, pipeline.countTokens);
  return {
    ...budgeted,
    totalAvailable: kept.length,
    topSemanticScore: runs.find(({ name }) => name === "semantic")?.items[0]?.score ?? 0,
    trace: traceOf(runs, pipeline.clock.monotonic() - start),
  };
}
