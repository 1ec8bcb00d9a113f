import { whitespaceClass } from "../../internal/whitespace.js";

const wordCharacter = "[\\p{L}\\p{N}_]";

/**
 * A case-insensitive pattern for whole words: a space in the source stands for a run of whitespace, and neither end may lie
 * inside a word of any script.
 */
export function phrasePattern(source: string, flags = ""): RegExp {
  const spaced = source.replaceAll(" ", `[${whitespaceClass}]+`);
  return new RegExp(`(?<!${wordCharacter})(?:${spaced})(?!${wordCharacter})`, `iu${flags}`);
}

const numberWords = [
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
] as const;

/** Alternatives for an amount: digits, or a word from one to ten. */
export const amountSource = `\\d+|${numberWords.join("|")}`;

export function amountOf(text: string): number {
  const word = numberWords.findIndex((name) => name === text.toLowerCase());
  return word === -1 ? Number(text) : word + 1;
}

export const unitSource = "day|week|month|year";

/** Days of a unit where no calendar is asked: a month has 30, a year 365. */
export function daysOfUnit(unit: string): number {
  switch (unit.toLowerCase()) {
    case "week":
      return 7;
    case "month":
      return 30;
    case "year":
      return 365;
    default:
      return 1;
  }
}
