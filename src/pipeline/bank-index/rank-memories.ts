import type { VectorItem } from "../../dto/vector.js";
import { termsOf } from "../lexicon/terms-of.js";
import type { BankIndex } from "./bank-index.js";
import { lexicalScores } from "./lexical-scores.js";
import { rankingWeights, type RankingWeights } from "./ranking-weights.js";
import { semanticScores } from "./semantic-scores.js";

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
  /** BM25 of the memory's own words. */
  readonly words: number;
  /** What each sign added to the score. */
  readonly parts: Readonly<Record<keyof RankingWeights, number>>;
}

const asksWhen = /^\s*(?:when\b|how long\b|what (?:date|day|year|month|time)\b)/i;
const asksHowMany = /\bhow (?:many|much|long|old|often)\b/i;
const number =
  /\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|once|twice|several|dozens?)\b/i;
const halfLifeMs = 7 * 24 * 3_600_000;

/** A score by slot as deviations from its mean; all zero where it does not vary. */
type Standard = (at: number) => number;

function standardised(valueOf: (at: number) => number, slots: readonly number[]): Standard {
  let sum = 0;
  let squares = 0;
  for (const at of slots) {
    const value = valueOf(at);
    sum += value;
    squares += value * value;
  }
  const mean = sum / slots.length;
  const variance = squares / slots.length - mean * mean;
  if (!(variance > 1e-12)) return () => 0;
  const scale = 1 / Math.sqrt(variance);
  return (at) => (valueOf(at) - mean) * scale;
}

/** The same over sessions, each counted once. */
function standardisedSessions(values: Float32Array, sessions: readonly number[]): Standard {
  return standardised((session) => values[session] ?? 0, sessions);
}

/** The one speaker of the bank whom the question names; nobody when it names several or none. */
function namedSpeaker(index: BankIndex, query: string): string | undefined {
  const words = ` ${query.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, " ")} `;
  const named = index.speakers.filter((speaker) => words.includes(` ${speaker} `));
  return named.length === 1 && index.speakers.length > 1 ? named[0] : undefined;
}

/** The terms of a question without the names of those who speak: everybody's memories carry them. */
function contentTerms(index: BankIndex, query: string): string[] {
  const names = new Set(index.speakers.flatMap((speaker) => termsOf(speaker)));
  const terms = [...new Set(termsOf(query))];
  const content = terms.filter((term) => !names.has(term));
  return content.length > 0 ? content : terms;
}

/**
 * Ranks the memories of a bank for a question, best first: the words and the meaning of each, of its neighbours and of its
 * conversation, who speaks, whether it asks or answers, and whether it has the kind of thing that is asked for.
 */
export function rankMemories(index: BankIndex, request: RankRequest): RankedMemory[] {
  const { query, queryVector, accepts, limit, nowMs } = request;
  const weights = { ...rankingWeights, ...request.weights };
  const slots: number[] = [];
  for (let at = 0; at < index.slotCount; at += 1) {
    const slot = index.slot(at);
    if (slot !== undefined && accepts(slot.item)) slots.push(at);
  }
  if (slots.length === 0) return [];
  const sessions = [...new Set(slots.map((at) => index.slot(at)?.session ?? 0))];
  const lexical = lexicalScores(index, contentTerms(index, query));
  const semantic = queryVector === undefined ? undefined : semanticScores(index, queryVector);
  const valueAt = (values: Float32Array | undefined) => (at: number) => values?.[at] ?? 0;
  const words = standardised(valueAt(lexical.own), slots);
  const nearWords = standardised(valueAt(lexical.near), slots);
  const wideWords = standardised(valueAt(lexical.wide), slots);
  const sessionWords = standardisedSessions(lexical.session, sessions);
  const meaning = standardised(valueAt(semantic?.own), slots);
  const sessionMeaning = standardisedSessions(
    semantic?.session ?? new Float32Array(index.sessionCount),
    sessions,
  );
  const length = standardised((at) => Math.log1p(index.slot(at)?.length ?? 0), slots);
  const speaker = namedSpeaker(index, query);
  const wantsTime = asksWhen.test(query);
  const wantsNumber = asksHowMany.test(query);
  const partsOf = (at: number): RankedMemory["parts"] => {
    const slot = index.slot(at);
    const before = index.slot(slot?.previous ?? -1);
    const session = slot?.session ?? 0;
    const ageMs = Math.max(0, nowMs - (slot?.timeMs ?? 0));
    return {
      words: weights.words * words(at),
      nearWords: weights.nearWords * nearWords(at),
      wideWords: weights.wideWords * wideWords(at),
      sessionWords: weights.sessionWords * sessionWords(session),
      meaning: weights.meaning * meaning(at),
      meaningBefore:
        before === undefined ? 0 : weights.meaningBefore * meaning(slot?.previous ?? 0),
      meaningAfter:
        index.slot(slot?.next ?? -1) === undefined
          ? 0
          : weights.meaningAfter * meaning(slot?.next ?? 0),
      sessionMeaning: weights.sessionMeaning * sessionMeaning(session),
      speaker: speaker !== undefined && slot?.speaker === speaker ? weights.speaker : 0,
      asks: slot?.asks === true ? weights.asks : 0,
      answers: before?.asks === true ? weights.answers : 0,
      length: weights.length * length(at),
      time: wantsTime && slot?.tellsTime === true ? weights.time : 0,
      number: wantsNumber && number.test(slot?.item.text ?? "") ? weights.number : 0,
      recency: weights.recency * 2 ** (-ageMs / halfLifeMs),
    };
  };
  return slots
    .flatMap((at) => {
      const item = index.slot(at)?.item;
      if (item === undefined) return [];
      const parts = partsOf(at);
      const score = Object.values(parts).reduce((sum, part) => sum + part, 0);
      return [
        { item, score, similarity: semantic?.own[at] ?? 0, words: lexical.own[at] ?? 0, parts },
      ];
    })
    .toSorted((a, b) => b.score - a.score || (a.item.id < b.item.id ? -1 : 1))
    .slice(0, limit);
}
