/**
 * What each sign counts in the ranking. Scores are standardised over the memories that may be returned, so a weight says what
 * one standard deviation is worth; flags count as they are.
 */
export interface RankingWeights {
  /** The words of the memory itself, with one neighbour, with three, and of the whole session. */
  readonly words: number;
  readonly nearWords: number;
  readonly wideWords: number;
  readonly sessionWords: number;
  /** The meaning of the memory, of the one before and the one after, and of the best three of the session. */
  readonly meaning: number;
  readonly meaningBefore: number;
  readonly meaningAfter: number;
  readonly sessionMeaning: number;
  /** Said by the one person whom the question names. */
  readonly speaker: number;
  /** A question; it seldom answers one. */
  readonly asks: number;
  /** Follows a question. */
  readonly answers: number;
  /** The logarithm of the number of words. */
  readonly length: number;
  /** Names a time when the question asks for one. */
  readonly time: number;
  /** Names a number when the question asks how many. */
  readonly number: number;
  /** Happened lately: 1 now, halved every week. */
  readonly recency: number;
}

export const rankingWeights: RankingWeights = {
  words: 0.1,
  nearWords: 0.12,
  wideWords: 0.47,
  sessionWords: 0.35,
  meaning: 0.63,
  meaningBefore: 0.46,
  meaningAfter: 0.07,
  sessionMeaning: 0.12,
  speaker: 1,
  asks: -0.77,
  answers: 0.67,
  length: 0.7,
  time: 1.95,
  number: 1.5,
  recency: 0.05,
};

export const signNames = [
  "words",
  "nearWords",
  "wideWords",
  "sessionWords",
  "meaning",
  "meaningBefore",
  "meaningAfter",
  "sessionMeaning",
  "speaker",
  "asks",
  "answers",
  "length",
  "time",
  "number",
  "recency",
] as const satisfies readonly (keyof RankingWeights)[];
