import type { RetainRequest } from "../../dto/retain.js";
import type { Pipeline } from "../pipeline.js";
import { chunkText, strategyFor } from "./chunking/chunk-text.js";
import { idFromKey } from "./memory-ids.js";
import { normaliseContent } from "./normalise.js";

/** A request and the key under which repeating it has no second effect. */
export interface KeyedRetainRequest {
  readonly request: RetainRequest;
  readonly idempotencyKey?: string | undefined;
}

/** A content ready to be embedded. */
export interface PreparedContent {
  readonly request: RetainRequest;
  /** As it is cut: normalised, not yet in chunks. */
  readonly content: string;
  readonly chunks: readonly string[];
  readonly firstId: string;
  readonly isKeyed: boolean;
}

/** Normalises a content, cuts it, and settles its ids. */
export function prepareContent(
  pipeline: Pipeline,
  { request, idempotencyKey }: KeyedRetainRequest,
): PreparedContent {
  const contentType = request.contentType.trim().toLowerCase();
  const content = normaliseContent(request.content, contentType);
  const chunks = chunkText(content, {
    strategy: strategyFor(contentType) ?? pipeline.options.chunkStrategy,
    maxSize: pipeline.options.maxChunkSize,
  });
  const isKeyed = idempotencyKey !== undefined;
  const firstId = isKeyed ? idFromKey(request.bankId, idempotencyKey) : pipeline.createId();
  return { request, content, chunks, firstId, isKeyed };
}
