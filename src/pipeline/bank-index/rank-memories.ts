import type { VectorItem } from "../../dto/vector.js";
import type { BankIndex } from "./bank-index.js";
import { lexicalScores } from "./lexical-scores.js";
import { readQuestion } from "./question.js";
import { rankingWeights, type RankingWeights } from "./ranking-weights.js";
import { semanticScores } from "./semantic-scores.js";
import { standardise } from "./standardise.js";

export interface RankRequest {
  readonly query: string;
  /** Absent without embeddings. */
  readonly queryVector?: readonly number[] | undefined;
  /** Whether a memory may be returned at all; others neither appear nor move a score. */
  readonly accepts: (item: VectorItem) => boolean;
  readonly limit: number;
  /** Milliseconds since the Unix epoch from which recency counts. */
  readonly nowMs: number;
  readonly weights?: Partial<RankingWeights> | undefined;
}

export interface RankedMemory {
  readonly item: VectorItem;
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

const number =
  /\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|once|twice|several|dozens?)\b/i;
const halfLifeMs = 7 * 24 * 3_600_000;

type Signs = Readonly<Record<keyof RankingWeights, number>>;

/** Reads the signs of a memory, each before its weight. */
function createReader(
  index: BankIndex,
  { query, queryVector, nowMs }: RankRequest,
  slots: readonly number[],
) {
  const question = readQuestion(query, index.speakers);
  const sessions = [...new Set(slots.map((at) => index.slot(at)?.session ?? 0))];
  const lexical = lexicalScores(index, question.terms);
  const semantic = queryVector === undefined ? undefined : semanticScores(index, queryVector);
  const lengths = Float32Array.from({ length: index.slotCount }, (_, at) =>
    Math.log1p(index.slot(at)?.length ?? 0),
  );
  const none = new Float32Array(0);
  const words = standardise(lexical.own, slots);
  const nearWords = standardise(lexical.near, slots);
  const wideWords = standardise(lexical.wide, slots);
  const sessionWords = standardise(lexical.session, sessions);
  const meaning = semantic === undefined ? none : standardise(semantic.own, slots);
  const sessionMeaning = semantic === undefined ? none : standardise(semantic.session, sessions);
  const length = standardise(lengths, slots);
  const signsAt = (at: number): Signs => {
    const slot = index.slot(at);
    const session = slot?.session ?? 0;
    const before = index.slot(slot?.previous ?? -1);
    const isSpeaker = question.speaker !== undefined && slot?.speaker === question.speaker;
    return {
      words: words[at] ?? 0,
      nearWords: nearWords[at] ?? 0,
      wideWords: wideWords[at] ?? 0,
      sessionWords: sessionWords[session] ?? 0,
      meaning: meaning[at] ?? 0,
      meaningBefore: meaning[slot?.previous ?? -1] ?? 0,
      meaningAfter: meaning[slot?.next ?? -1] ?? 0,
      sessionMeaning: sessionMeaning[session] ?? 0,
      speaker: isSpeaker ? 1 : 0,
      asks: slot?.asks === true ? 1 : 0,
      answers: before?.asks === true ? 1 : 0,
      length: length[at] ?? 0,
      time: question.asksWhen && slot?.tellsTime === true ? 1 : 0,
      number: question.asksHowMany && number.test(slot?.item.text ?? "") ? 1 : 0,
      recency: 2 ** (-Math.max(0, nowMs - (slot?.timeMs ?? 0)) / halfLifeMs),
    };
  };
  return { lexical, semantic, signsAt };
}

function weigh(signs: Signs, weights: RankingWeights): Signs {
  return {
    words: weights.words * signs.words,
    nearWords: weights.nearWords * signs.nearWords,
    wideWords: weights.wideWords * signs.wideWords,
    sessionWords: weights.sessionWords * signs.sessionWords,
    meaning: weights.meaning * signs.meaning,
    meaningBefore: weights.meaningBefore * signs.meaningBefore,
    meaningAfter: weights.meaningAfter * signs.meaningAfter,
    sessionMeaning: weights.sessionMeaning * signs.sessionMeaning,
    speaker: weights.speaker * signs.speaker,
    asks: weights.asks * signs.asks,
    answers: weights.answers * signs.answers,
    length: weights.length * signs.length,
    time: weights.time * signs.time,
    number: weights.number * signs.number,
    recency: weights.recency * signs.recency,
  };
}

function total(parts: Signs): number {
  let sum = 0;
  for (const part of Object.values(parts)) sum += part;
  return sum;
}

/**
 * Ranks the memories of a bank for a question: the words and the meaning of each, of its neighbours and of its conversation, who
 * speaks, whether it asks or answers, and whether it has the kind of thing that is asked for.
 */
export function rankMemories(index: BankIndex, request: RankRequest): RankedMemories {
  const weights = { ...rankingWeights, ...request.weights };
  const slots: number[] = [];
  for (let at = 0; at < index.slotCount; at += 1) {
    const slot = index.slot(at);
    if (slot !== undefined && request.accepts(slot.item)) slots.push(at);
  }
  if (slots.length === 0) return { memories: [], candidates: 0, topSimilarity: 0 };
  const { lexical, semantic, signsAt } = createReader(index, request, slots);
  const scores = new Float64Array(index.slotCount);
  let topSimilarity = 0;
  for (const at of slots) {
    scores[at] = total(weigh(signsAt(at), weights));
    topSimilarity = Math.max(topSimilarity, semantic?.own[at] ?? 0);
  }
  const idOf = (at: number): string => index.slot(at)?.item.id ?? "";
  const ranked = slots
    .toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (idOf(a) < idOf(b) ? -1 : 1))
    .slice(0, request.limit);
  const memories = ranked.flatMap((at): RankedMemory[] => {
    const item = index.slot(at)?.item;
    if (item === undefined) return [];
    return [
      {
        item,
        score: scores[at] ?? 0,
        similarity: semantic?.own[at] ?? 0,
        words: lexical.own[at] ?? 0,
        wideWords: lexical.wide[at] ?? 0,
        parts: weigh(signsAt(at), weights),
      },
    ];
  });
  return { memories, candidates: slots.length, topSimilarity };
}
