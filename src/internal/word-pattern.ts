import { whitespaceClass } from "./whitespace.js";

const wordClass = "\\p{L}\\p{N}_";
const boundary = `(?:(?<![${wordClass}])(?=[${wordClass}])|(?<=[${wordClass}])(?![${wordClass}]))`;

const meanings: Readonly<Record<string, string>> = {
  "\\b": boundary,
  "\\d": "\\p{Nd}",
  "\\s": `[${whitespaceClass}]`,
  "\\w": `[${wordClass}]`,
};

/**
 * A pattern in which `\b`, `\d`, `\s` and `\w` know all of Unicode, as those of Python do; JavaScript's know ASCII words only,
 * so that "é" would end a word. The four may not stand inside a character class.
 */
export function wordPattern(source: string, flags = "iu"): RegExp {
  return new RegExp(
    source.replace(/\\[bdsw]/g, (escape) => meanings[escape] ?? escape),
    flags,
  );
}
