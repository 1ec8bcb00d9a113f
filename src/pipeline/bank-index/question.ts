import { termsOf } from "../lexicon/terms-of.js";

/** What a question asks for. */
export interface Question {
  /** Its terms without the names of those who speak, which everybody's memories carry. */
  readonly terms: readonly string[];
  /** The one speaker whom it names, in lower case. */
  readonly speaker: string | undefined;
  readonly asksWhen: boolean;
  readonly asksHowMany: boolean;
}

const when = /^\s*(?:when\b|how long\b|what (?:date|day|year|month|time)\b)/i;
const howMany = /\bhow (?:many|much|long|old|often)\b/i;

/** Reads a question, given who speaks in the bank. */
export function readQuestion(query: string, speakers: readonly string[]): Question {
  const words = ` ${query.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, " ")} `;
  const named = speakers.filter((speaker) => words.includes(` ${speaker} `));
  const names = new Set(speakers.flatMap((speaker) => termsOf(speaker)));
  const terms = [...new Set(termsOf(query))];
  const content = terms.filter((term) => !names.has(term));
  return {
    terms: content.length > 0 ? content : terms,
    speaker: named.length === 1 && speakers.length > 1 ? named[0] : undefined,
    asksWhen: when.test(query),
    asksHowMany: howMany.test(query),
  };
}
