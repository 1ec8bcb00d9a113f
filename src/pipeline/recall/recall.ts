import type { MemoryHit, RecallRequest, RecallResult } from "../../dto/recall.js";
import { sourceKey } from "../../dto/reserved.js";
import type { VectorFilters } from "../../dto/vector.js";
import { enforceTokenBudget } from "../../policy/tokens.js";
import type { BankOptions, CallOptions } from "../../spi/call-options.js";
import type { BankIndex } from "../bank-index/bank-index.js";
import type { Pipeline } from "../pipeline.js";
import type { Candidate } from "./candidate.js";
import type { Findings } from "./findings.js";
import type { Fused } from "./fusion.js";
import { rankBank } from "./rank-bank.js";
import { searchStores } from "./search-stores.js";

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

export interface RecallCallOptions extends CallOptions {
  /** Leaves out memories that read like instructions. */
  readonly excludeSuspects?: boolean | undefined;
}

/** The index of the bank; none when the preset does without, or the store gives none. */
async function indexOf(
  { indexes, vectorStore, options, logger }: Pipeline,
  { bankId, signal }: BankOptions,
): Promise<BankIndex | undefined> {
  if (options.preset === "reference") return undefined;
  try {
    return await indexes.get(vectorStore, { bankId, signal });
  } catch (error) {
    signal?.throwIfAborted();
    // The stores are asked next, and say themselves what is wrong.
    logger.warn("astrocyte.recall.index_failed", {
      bank_id: bankId,
      error: error instanceof Error ? error.name : typeof error,
    });
    return undefined;
  }
}

/** By the index of the bank, or by the stores when there is none, or the preset says so. */
async function find(
  pipeline: Pipeline,
  request: RecallRequest,
  { signal, excludeSuspects = false }: RecallCallOptions,
): Promise<Findings> {
  const { query, bankId } = request;
  const { embedder, options } = pipeline;
  const filters = filtersOf(request);
  const limit = Math.max(1, request.maxResults) * (options.overfetch ?? 5);
  const vectors = await embedder.embed([query], { inputType: "query", signal });
  const queryVector = vectors?.[0];
  const index = await indexOf(pipeline, { bankId, signal });
  const input = { query, queryVector, filters, limit };
  return index === undefined
    ? searchStores(pipeline, { ...input, bankId, signal }, excludeSuspects)
    : rankBank(pipeline, index, { ...input, excludeSuspects });
}

/**
 * Finds memories: embed the query, rank, filter, cut to size and budget.
 *
 * @throws The embedding provider's error; of several searches of the stores, a failing one only loses its own candidates.
 */
export async function recall(
  pipeline: Pipeline,
  request: RecallRequest,
  options: RecallCallOptions = {},
): Promise<RecallResult> {
  const start = pipeline.clock.monotonic();
  const { bankId } = request;
  const { entries, topSemanticScore, trace } = await find(pipeline, request, options);
  const hits = entries
    .slice(0, Math.max(1, request.maxResults))
    .map((entry) => toHit(entry, bankId));
  const budgeted = enforceTokenBudget(hits, request.maxTokens, pipeline.countTokens);
  return {
    ...budgeted,
    totalAvailable: entries.length,
    topSemanticScore,
    trace: { ...trace, latencyMs: pipeline.clock.monotonic() - start },
  };
}
