import { termsOf } from "../lexicon/terms-of.js";
import type { Speakers } from "./speakers.js";

/** What a question asks for. */
export interface Question {
  /** Its terms without the names of those who speak, which everybody's memories carry. */
  readonly terms: readonly string[];
  /** The number of the one speaker whom it names. */
  readonly speaker: number | undefined;
  readonly asksWhen: boolean;
  readonly asksHowMany: boolean;
}

const when = /^\s*(?:when\b|how long\b|what (?:date|day|year|month|time)\b)/i;
const howMany = /\bhow (?:many|much|long|old|often)\b/i;

/** Reads a question, given who speaks in the bank. */
export function readQuestion(query: string, speakers: Speakers): Question {
  const words = query
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  const [named = "", ...others] = speakers.namedIn(words);
  const terms = [...new Set(termsOf(query))];
  const content = terms.filter((term) => !speakers.isNameTerm(term));
  return {
    terms: content.length > 0 ? content : terms,
    speaker: others.length === 0 && speakers.size > 1 ? speakers.numberOf(named) : undefined,
    asksWhen: when.test(query),
    asksHowMany: howMany.test(query),
  };
}
