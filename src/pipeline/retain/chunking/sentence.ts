import { trim, whitespaceClass } from "../../../internal/whitespace.js";
import { chunkFixed } from "./fixed.js";
import { joinPieces } from "./join-pieces.js";

const sentenceEnd = new RegExp(`(?<=[.!?])[${whitespaceClass}]+`, "u");

/** Sentences end at whitespace after `.`, `!` or `?`; neighbours are joined by a space while they fit. */
export function chunkSentences(text: string, maxSize: number, overlap: number): string[] {
  const sentences = trim(text)
    .split(sentenceEnd)
    .filter((sentence) => sentence !== "");
  return joinPieces(sentences, maxSize, " ", (sentence) => chunkFixed(sentence, maxSize, overlap));
}
