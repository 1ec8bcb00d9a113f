import type { Metadata } from "../../dto/metadata.js";

/** A memory as a part of a conversation. */
export interface Utterance {
  /** In lower case; absent when nobody is named. */
  readonly speaker: string | undefined;
  /** What is said, without the speaker's name. */
  readonly words: string;
  readonly asks: boolean;
  /** Whether it names a time: a date, a year, a weekday, "yesterday", "two weeks ago". */
  readonly tellsTime: boolean;
  /** Whether its text has a number, in digits or as a small one in words. */
  readonly tellsNumber: boolean;
}

/** `Name: ` at the start of a text, as transcripts have it; at most 40 letters. */
const label = /^([\p{L}][\p{L}\p{N} .'-]{0,39}): /u;
const time =
  /\b(?:january|february|march|april|may|june|july|august|september|october|november|december|yesterday|today|tomorrow|tonight|ago|last|next|weeks?|weekend|months?|years?|monday|tuesday|wednesday|thursday|friday|saturday|sunday|recently|soon|since|\d{4})\b/i;
const number =
  /\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|once|twice|several|dozens?)\b/i;

/** Reads a memory as something that somebody said; `metadata.speaker` names who, else a `Name: ` at the start of the text. */
export function utteranceOf(text: string, metadata: Metadata | undefined): Utterance {
  const named = metadata?.["speaker"];
  const [prefix = "", name] = label.exec(text) ?? [];
  const words = text.slice(prefix.length);
  return {
    speaker: (typeof named === "string" ? named : name)?.toLowerCase(),
    words,
    asks: words.trimEnd().endsWith("?"),
    tellsTime: time.test(words),
    tellsNumber: number.test(text),
  };
}
