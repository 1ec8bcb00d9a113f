import type { BankIndex } from "./bank-index.js";
import type { LexicalScores } from "./lexical-scores.js";
import { momentsOf, type Moments } from "./moments.js";
import type { Question } from "./question.js";
import type { RankingWeights } from "./ranking-weights.js";
import type { SemanticScores } from "./semantic-scores.js";
import type { Shown } from "./shown.js";
import { asksFlag, none, tellsNumberFlag, tellsTimeFlag } from "./slot-columns.js";

export interface SignInput {
  readonly question: Question;
  readonly lexical: LexicalScores;
  readonly semantic: SemanticScores | undefined;
  readonly shown: Shown;
  readonly nowMs: number;
}

/** The signs of one memory, each before its weight. */
export type Signs = Record<keyof RankingWeights, number>;

/** Overwrites the signs with those of the memory in a slot; one object serves for all, since there may be many. */
export type SignReader = (at: number, signs: Signs) => void;

const halfLifeMs = 7 * 24 * 3_600_000;
/** Beyond, what is left of recency is lost in the rounding of a score. */
const oldestMs = 64 * halfLifeMs;

/** The sessions that have a place, each once. */
function sessionsOf({ columns, sessionCount }: BankIndex, places: Int32Array): Int32Array {
  const seen = new Uint8Array(sessionCount);
  const sessions = new Int32Array(sessionCount);
  let count = 0;
  for (const at of places) {
    const session = columns.session[at] ?? 0;
    if (seen[session] === 1) continue;
    seen[session] = 1;
    sessions[count] = session;
    count += 1;
  }
  return sessions.subarray(0, count);
}

const nothing = new Float32Array(0);

/**
 * Reads the signs of the memories of a bank for one question. What is a score is standardised over the places, so that it is
 * comparable whatever the bank and the question; a neighbour that may not be returned has no meaning and asks nothing.
 */
export function createSignReader(index: BankIndex, input: SignInput): SignReader {
  const { question, lexical, semantic, nowMs } = input;
  const { places, mask } = input.shown;
  const { columns } = index;
  const sessions = sessionsOf(index, places);
  const own = semantic?.own ?? nothing;
  const ofSession = semantic?.session ?? nothing;
  const wordsMoments = momentsOf(lexical.own, places);
  const nearMoments = momentsOf(lexical.near, places);
  const wideMoments = momentsOf(lexical.wide, places);
  const sessionWordsMoments = momentsOf(lexical.session, sessions);
  const meaningMoments = momentsOf(own, places);
  const sessionMeaningMoments = momentsOf(ofSession, sessions);
  const lengthMoments = momentsOf(columns.logLength, places);
  const isShown = (at: number): boolean => at !== none && mask?.[at] !== 0;
  const meaningAt = (at: number): number =>
    isShown(at) ? standardised(own, at, meaningMoments) : 0;
  return (at, signs) => {
    const flags = columns.flags[at] ?? 0;
    const session = columns.session[at] ?? 0;
    const before = columns.previous[at] ?? none;
    const flagsBefore = isShown(before) ? (columns.flags[before] ?? 0) : 0;
    const ageMs = Math.max(0, nowMs - (columns.timeMs[at] ?? 0));
    signs.words = standardised(lexical.own, at, wordsMoments);
    signs.nearWords = standardised(lexical.near, at, nearMoments);
    signs.wideWords = standardised(lexical.wide, at, wideMoments);
    signs.sessionWords = standardised(lexical.session, session, sessionWordsMoments);
    signs.meaning = meaningAt(at);
    signs.meaningBefore = meaningAt(before);
    signs.meaningAfter = meaningAt(columns.next[at] ?? none);
    signs.sessionMeaning = standardised(ofSession, session, sessionMeaningMoments);
    signs.speaker = columns.speaker[at] === question.speaker ? 1 : 0;
    signs.asks = (flags & asksFlag) === 0 ? 0 : 1;
    signs.answers = (flagsBefore & asksFlag) === 0 ? 0 : 1;
    signs.length = standardised(columns.logLength, at, lengthMoments);
    signs.time = question.asksWhen && (flags & tellsTimeFlag) !== 0 ? 1 : 0;
    signs.number = question.asksHowMany && (flags & tellsNumberFlag) !== 0 ? 1 : 0;
    signs.recency = ageMs < oldestMs ? 2 ** (-ageMs / halfLifeMs) : 0;
  };
}

function standardised(values: Float32Array, at: number, { mean, scale }: Moments): number {
  return ((values[at] ?? 0) - mean) * scale;
}
