import type { Timestamp } from "../../dto/timestamp.js";

/** A text and when what it tells happened, such as a memory that was found. */
export interface DatedText {
  readonly text: string;
  readonly occurredAt?: Timestamp | undefined;
}

/** Words that say nothing about which event is meant. */
const emptyWords = new Set(
  (
    "a an and any are as at attend attended be been being by did do does doing for from gave get give go goes going gone got " +
    "had has have he her him his i in into is it its last me my of on or our out she some start started take that the their " +
    "them then there they this to together took up us user was we went were when where which while who with you your"
  ).split(" "),
);

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
}

/**
 * When an event happened: the date of the text that has most of the event's words, of the first one when several have as many.
 * Words such as "the" and "went" do not count, and texts without a date are passed over. Undefined when no text has any.
 */
export function findEventDate(event: string, texts: readonly DatedText[]): Timestamp | undefined {
  const wanted = new Set(wordsOf(event).filter((word) => !emptyWords.has(word)));
  let best: { readonly shared: number; readonly at: Timestamp } | undefined;
  for (const { text, occurredAt } of texts) {
    if (occurredAt === undefined) continue;
    const words = new Set(wordsOf(text));
    const shared = Array.from(wanted).filter((word) => words.has(word)).length;
    if (shared > (best?.shared ?? 0)) best = { shared, at: occurredAt };
  }
  return best?.at;
}
