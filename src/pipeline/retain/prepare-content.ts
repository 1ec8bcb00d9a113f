import type { RetainRequest } from "../../dto/retain.js";
import type { Pipeline } from "../pipeline.js";
import { chunkText, strategyFor } from "./chunking/chunk-text.js";
import { idFromKey } from "./memory-ids.js";
import { normaliseContent } from "./normalise.js";

/** A request with what the portable shape has no place for. */
export interface KeyedRetainRequest {
  readonly request: RetainRequest;
  /** Repeating a request under the same key has no second effect. */
  readonly idempotencyKey?: string | undefined;
  /** Why the content reads like an instruction. */
  readonly suspect?: string | undefined;
}

/** A content ready to be embedded. */
export interface PreparedContent {
  readonly request: RetainRequest;
  /** As it is cut: normalised, not yet in chunks. */
  readonly content: string;
  readonly chunks: readonly string[];
  readonly firstId: string;
  readonly isKeyed: boolean;
  readonly suspect?: string | undefined;
}

/** Normalises a content, cuts it, and settles its ids. */
export function prepareContent(
  pipeline: Pipeline,
  { request, idempotencyKey, suspect }: KeyedRetainRequest,
): PreparedContent {
  const contentType = request.contentType.trim().toLowerCase();
  const content = normaliseContent(request.content, contentType);
  const chunks = chunkText(content, {
    strategy: strategyFor(contentType) ?? pipeline.options.chunkStrategy,
    maxSize: pipeline.options.maxChunkSize,
  });
  const isKeyed = idempotencyKey !== undefined;
  const firstId = isKeyed ? idFromKey(request.bankId, idempotencyKey) : pipeline.createId();
  return { request, content, chunks, firstId, isKeyed, suspect };
}
