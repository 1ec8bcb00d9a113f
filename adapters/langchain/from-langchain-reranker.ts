import type { Reranker } from "astrocyte";
import { isRecord } from "./is-record.js";
import type { LangChainCompressorLike } from "./langchain-like.js";
import { raceWithSignal } from "../internal/race-with-signal.js";

export interface FromLangChainRerankerOptions {
  /**
   * The key of a document's metadata in which the compressor leaves its score, the higher the better. A document without a number
   * there is taken by its place. @defaultValue "relevanceScore", as CohereRerank does
   */
  readonly scoreKey?: string | undefined;
}

/** Marks which text a document is, through whatever the compressor does to it. */
const placeKey = "astrocyte_place";

function placeOf(document: unknown): unknown {
  const metadata = isRecord(document) ? document["metadata"] : undefined;
  return isRecord(metadata) ? metadata[placeKey] : undefined;
}

function scoreOf(document: unknown, scoreKey: string): number | undefined {
  const metadata = isRecord(document) ? document["metadata"] : undefined;
  const score = isRecord(metadata) ? metadata[scoreKey] : undefined;
  return typeof score === "number" && Number.isFinite(score) ? score : undefined;
}

/**
 * A LangChain document compressor as a brain's `reranker`, for instance `CohereRerank`.
 *
 * - When every document that comes back has a number under `scoreKey`, these are the scores; otherwise the order is.
 * - Texts that the compressor leaves out come after all others, in their old order. A reranker orders, and drops nothing.
 * - What the compressor makes of a text is not taken, only where it puts it. One that merges or splits documents is read by the first
 *   part of each, and one that drops their metadata gives no scores: the brain then keeps its own order.
 *
 * Errors of the compressor are the brain's to handle: recall then goes on without it.
 */
export function fromLangChainReranker(
  compressor: LangChainCompressorLike,
  { scoreKey = "relevanceScore" }: FromLangChainRerankerOptions = {},
): Reranker {
  return async (query, texts, { signal } = {}) => {
    signal?.throwIfAborted();
    if (texts.length === 0) return [];
    const documents = texts.map((pageContent, place) => ({
      pageContent,
      metadata: { [placeKey]: place },
    }));
    const work = compressor.compressDocuments(documents, query);
    const answer: unknown = await raceWithSignal(work, signal);
    if (!Array.isArray(answer)) {
      throw new TypeError("The document compressor gave no list of documents");
    }
    /** Document by place, the first of each, in the compressor's order. */
    const kept = new Map<number, unknown>();
    for (const document of answer) {
      const place = placeOf(document);
      if (typeof place === "number" && place in texts && !kept.has(place))
        kept.set(place, document);
    }
    if (kept.size === 0 && answer.length > 0) {
      throw new TypeError("The document compressor dropped the metadata of the documents");
    }
    const given = [...kept.values()].map((document) => scoreOf(document, scoreKey));
    const isScored = given.every((score) => score !== undefined);
    const scores = [...kept.keys()].map((_place, at) =>
      isScored ? (given[at] ?? 0) : kept.size - at,
    );
    const lowest = Math.min(1, ...scores);
    const byPlace = new Map([...kept.keys()].map((place, at) => [place, scores[at]]));
    return texts.map((_text, place) => byPlace.get(place) ?? lowest - 1 - place);
  };
}
