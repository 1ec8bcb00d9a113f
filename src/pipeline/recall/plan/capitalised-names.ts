import { whitespaceClass } from "../../../internal/whitespace.js";

const word = "[A-Z][a-z]+(?![\\p{L}\\p{N}_])";
const name = new RegExp(`(?<![\\p{L}\\p{N}_])${word}(?:[${whitespaceClass}]+${word})?`, "gu");

/**
 * What may be a name in a text by its looks: one capitalised word of ASCII letters or two in a row, lower-cased, sorted, each
 * once. The first word of a sentence counts too, so that "What" is one.
 */
export function capitalisedNames(text: string): string[] {
  return [...new Set(text.match(name)?.map((found) => found.toLowerCase()))].toSorted();
}
