import type { RetainRequest, RetainResult } from "../../dto/retain.js";
import { toTimestamp } from "../../dto/timestamp.js";
import type { VectorItem } from "../../dto/vector.js";
import { ConfigError } from "../../errors.js";
import type { CallOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";
import { buildItems } from "./build-items.js";
import { chunkText, strategyFor } from "./chunking/chunk-text.js";
import { isRetained } from "./find-retained.js";
import { chunkMemoryId, idFromKey } from "./memory-ids.js";
import { mirrorDocuments } from "./mirror-documents.js";
import { normaliseContent } from "./normalise.js";

/** A request and the key under which repeating it has no second effect. */
export interface KeyedRetainRequest {
  readonly request: RetainRequest;
  readonly idempotencyKey?: string | undefined;
}

interface Prepared {
  readonly request: RetainRequest;
  readonly chunks: readonly string[];
  readonly firstId: string;
}

function refused(error: string): RetainResult {
  return { stored: false, deduplicated: false, curated: false, error };
}

function accepted(firstId: string, chunkCount: number, stored: boolean): RetainResult {
  const memoryIds = Array.from({ length: chunkCount }, (_, index) => chunkMemoryId(firstId, index));
  return { stored, memoryId: firstId, memoryIds, deduplicated: !stored, curated: false };
}

function chunksOf(pipeline: Pipeline, request: RetainRequest): string[] {
  const contentType = request.contentType.trim().toLowerCase();
  return chunkText(normaliseContent(request.content, contentType), {
    strategy: strategyFor(contentType) ?? pipeline.options.chunkStrategy,
    maxSize: pipeline.options.maxChunkSize,
  });
}

/** Embeds the chunks of all contents in one call. */
async function embedItems(
  pipeline: Pipeline,
  prepared: readonly Prepared[],
  { signal }: CallOptions,
): Promise<VectorItem[]> {
  const texts = prepared.flatMap(({ chunks }) => chunks);
  const vectors = await pipeline.embedder.embed(texts, { inputType: "document", signal });
  if (vectors === undefined && !pipeline.vectorStore.capabilities.acceptsEmptyVectors) {
    throw new ConfigError(
      `Vector store "${pipeline.vectorStore.name}" keeps no memory without a vector; ` +
        "configure embedding_provider or pass providers.embeddings",
    );
  }
  const retainedAt = toTimestamp(pipeline.clock.now());
  let next = 0;
  return prepared.flatMap(({ request, chunks, firstId }) => {
    const own = vectors?.slice(next, next + chunks.length);
    next += chunks.length;
    return buildItems(request, chunks, own, firstId, retainedAt);
  });
}

/**
 * Stores contents: normalise, chunk, look up keyed ones, embed in one call, store in one call, mirror.
 *
 * @returns One result a request, in order. A blank content is `stored: false` with `error`; a keyed content that is there
 *   already is `stored: false, deduplicated: true` with its ids.
 * @throws IdempotencyConflictError when a key was used before with other content; then nothing of the call is stored.
 */
export async function retain(
  pipeline: Pipeline,
  requests: readonly KeyedRetainRequest[],
  options: CallOptions = {},
): Promise<RetainResult[]> {
  const { signal } = options;
  const results: RetainResult[] = [];
  const prepared: Prepared[] = [];
  const firstIds = new Set<string>();
  for (const { request, idempotencyKey } of requests) {
    signal?.throwIfAborted();
    const { bankId } = request;
    const chunks = chunksOf(pipeline, request);
    const firstId =
      idempotencyKey === undefined ? pipeline.createId() : idFromKey(bankId, idempotencyKey);
    if (chunks.length === 0) {
      results.push(
        refused(request.content.trim() === "" ? "Content is empty" : "No content after chunking"),
      );
      continue;
    }
    const known =
      firstIds.has(firstId) ||
      (idempotencyKey !== undefined &&
        (await isRetained(pipeline, firstId, chunks, { bankId, signal })));
    results.push(accepted(firstId, chunks.length, !known));
    if (!known) {
      firstIds.add(firstId);
      prepared.push({ request, chunks, firstId });
    }
  }
  if (prepared.length > 0) {
    const items = await embedItems(pipeline, prepared, options);
    signal?.throwIfAborted();
    await pipeline.vectorStore.storeVectors(items, { signal });
    await mirrorDocuments(pipeline, items, options);
  }
  return results;
}
