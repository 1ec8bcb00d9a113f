import { dayMs, epochMs } from "./instants.js";

/** A section of the recorded documents, with its entities in its words. */
export interface DatedSection {
  readonly words: readonly string[];
  readonly at: string | undefined;
}

const wordsThatSayNothing = /^(?:the|a|an|my|i|to|of|and|in|on|at|was|did|went|go|had|have)$/;

export function wordsIn(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** Whether the reference counts words that say nothing about an event, which the library leaves out. */
export function hasEmptyWord(event: string): boolean {
  return wordsIn(event).some((word) => wordsThatSayNothing.test(word));
}

/** The date of the section that shares most words with an event, the first of several. */
export function eventDate(event: string, sections: readonly DatedSection[]): string | undefined {
  const wanted = wordsIn(event).filter((word) => !wordsThatSayNothing.test(word));
  const ranked = sections
    .map(({ words, at }) => ({ at, shared: wanted.filter((word) => words.includes(word)).length }))
    .filter(({ at, shared }) => at !== undefined && shared > 0)
    .toSorted((left, right) => right.shared - left.shared);
  return ranked[0]?.at;
}

/** Whole days between two dates, whichever is earlier. */
export function daysBetween(one: string, other: string): number {
  return Math.floor(Math.abs(epochMs(one) - epochMs(other)) / dayMs);
}
