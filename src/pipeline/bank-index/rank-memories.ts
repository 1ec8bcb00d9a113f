import type { BankIndex, IndexedMemory } from "./bank-index.js";
import { lexicalScores } from "./lexical-scores.js";
import { readQuestion } from "./question.js";
import { rankingWeights, signNames, type RankingWeights } from "./ranking-weights.js";
import { semanticScores } from "./semantic-scores.js";
import { shownIn } from "./shown.js";
import { createSignReader, type SignReader, type Signs } from "./sign-reader.js";
import { topPlaces } from "./top-places.js";

export interface RankRequest {
  readonly query: string;
  /** Absent without embeddings. */
  readonly queryVector?: readonly number[] | undefined;
  /**
   * Whether a memory may be returned at all; what others say counts for nothing, not even around their neighbours. Absent, all
   * may.
   */
  readonly accepts?: ((item: IndexedMemory) => boolean) | undefined;
  readonly limit: number;
  /** Milliseconds since the Unix epoch from which recency counts. */
  readonly nowMs: number;
  readonly weights?: Partial<RankingWeights> | undefined;
}

export interface RankedMemory {
  readonly item: IndexedMemory;
  /** Orders this one list. */
  readonly score: number;
  /** Cosine similarity; 0 without vectors. */
  readonly similarity: number;
  /** BM25 of the memory's own words, and of them with three neighbours on either side. */
  readonly words: number;
  readonly wideWords: number;
  /** What each sign added to the score. */
  readonly parts: Readonly<Record<keyof RankingWeights, number>>;
}

export interface RankedMemories {
  /** Best first. */
  readonly memories: readonly RankedMemory[];
  /** Memories that could have been returned. */
  readonly candidates: number;
  /** The highest similarity among them; 0 without vectors. */
  readonly topSimilarity: number;
}

function noSigns(): Signs {
  return {
    words: 0,
    nearWords: 0,
    wideWords: 0,
    sessionWords: 0,
    meaning: 0,
    meaningBefore: 0,
    meaningAfter: 0,
    sessionMeaning: 0,
    speaker: 0,
    asks: 0,
    answers: 0,
    length: 0,
    time: 0,
    number: 0,
    recency: 0,
  };
}

function weightedSum(signs: Readonly<Signs>, weights: RankingWeights): number {
  return (
    weights.words * signs.words +
    weights.nearWords * signs.nearWords +
    weights.wideWords * signs.wideWords +
    weights.sessionWords * signs.sessionWords +
    weights.meaning * signs.meaning +
    weights.meaningBefore * signs.meaningBefore +
    weights.meaningAfter * signs.meaningAfter +
    weights.sessionMeaning * signs.sessionMeaning +
    weights.speaker * signs.speaker +
    weights.asks * signs.asks +
    weights.answers * signs.answers +
    weights.length * signs.length +
    weights.time * signs.time +
    weights.number * signs.number +
    weights.recency * signs.recency
  );
}

/** Reads the signs of one memory and weighs each. */
function partsAt(readSigns: SignReader, weights: RankingWeights, at: number): Signs {
  const parts = noSigns();
  readSigns(at, parts);
  for (const name of signNames) parts[name] *= weights[name];
  return parts;
}

/**
 * Ranks the memories of a bank for a question: the words and the meaning of each, of its neighbours and of its conversation, who
 * speaks, whether it asks or answers, and whether it has the kind of thing that is asked for.
 */
export function rankMemories(index: BankIndex, request: RankRequest): RankedMemories {
  const { query, queryVector, accepts, limit, nowMs } = request;
  const weights = { ...rankingWeights, ...request.weights };
  const shown = shownIn(index, accepts);
  const { places } = shown;
  if (places.length === 0) return { memories: [], candidates: 0, topSimilarity: 0 };
  const question = readQuestion(query, index.speakers);
  const lexical = lexicalScores(index, question.terms, shown);
  const semantic =
    queryVector === undefined ? undefined : semanticScores(index, queryVector, shown);
  const readSigns = createSignReader(index, { question, lexical, semantic, shown, nowMs });
  const scores = new Float64Array(index.slotCount);
  const similarity = semantic?.own ?? new Float32Array(0);
  let topSimilarity = 0;
  const signs = noSigns();
  for (const at of places) {
    readSigns(at, signs);
    scores[at] = weightedSum(signs, weights);
    topSimilarity = Math.max(topSimilarity, similarity[at] ?? 0);
  }
  const idOf = (at: number): string => index.item(at)?.id ?? "";
  const top = topPlaces(places, limit, (left, right) => {
    const difference = (scores[left] ?? 0) - (scores[right] ?? 0);
    return difference === 0 ? idOf(left) < idOf(right) : difference > 0;
  });
  const memories = top.flatMap((at): RankedMemory[] => {
    const item = index.item(at);
    if (item === undefined) return [];
    return [
      {
        item,
        score: scores[at] ?? 0,
        similarity: similarity[at] ?? 0,
        words: lexical.own[at] ?? 0,
        wideWords: lexical.wide[at] ?? 0,
        parts: partsAt(readSigns, weights, at),
      },
    ];
  });
  return { memories, candidates: places.length, topSimilarity };
}
