import { InvalidArgumentError } from "../../../errors.js";
import type { CallOptions } from "../../../spi/call-options.js";
import { byScore, type RankedMemory } from "./ranked-memory.js";

/**
 * Scores texts for a query, one finite number a text, in order, the higher the better; in any range. A cross-encoder, a
 * service, or a function of one's own.
 */
export type Reranker = (
  query: string,
  texts: readonly string[],
  options?: CallOptions,
) => Promise<readonly number[]> | readonly number[];

export interface RerankWithOptions extends CallOptions {
  /** Memories from the head of the list that are scored; those after them follow as they are. @defaultValue 30 */
  readonly topK?: number | undefined;
}

export interface Reranked<Memory> {
  readonly memories: Memory[];
  /** Why the reranker was not followed; the order is then the given one. */
  readonly error?: unknown;
}

async function scoresOf(
  reranker: Reranker,
  query: string,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly number[]> {
  const scores = await reranker(query, texts, { signal });
  if (scores.length !== texts.length || !scores.every(Number.isFinite)) {
    throw new InvalidArgumentError(
      `reranker: expected ${texts.length} finite scores, got ${scores.length} values`,
    );
  }
  return scores;
}

/**
 * Orders the head of a list by an injected reranker, whose scores replace the memories' own. A reranker that fails, or that
 * gives another number of scores or one that is not finite, changes nothing; aborts reject.
 */
export async function rerankWith<Memory extends RankedMemory>(
  reranker: Reranker,
  query: string,
  memories: readonly Memory[],
  { topK = 30, signal }: RerankWithOptions = {},
): Promise<Reranked<Memory>> {
  signal?.throwIfAborted();
  const head = memories.slice(0, Math.max(0, topK));
  if (head.length === 0) return { memories: [...memories] };
  try {
    const texts = head.map(({ text }) => text);
    const scores = await scoresOf(reranker, query, texts, signal);
    signal?.throwIfAborted();
    const scored = head.map((memory, index) => ({ ...memory, score: scores[index] ?? 0 }));
    return { memories: [...byScore(scored), ...memories.slice(head.length)] };
  } catch (error) {
    signal?.throwIfAborted();
    return { memories: [...memories], error };
  }
}
