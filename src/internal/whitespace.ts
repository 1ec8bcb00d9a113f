/**
 * Unicode whitespace as Python's `str` methods see it. It differs from `\s` of JavaScript: the separators U+001C to U+001F
 * and U+0085 belong to it, the byte-order mark does not.
 */
export const whitespaceClass =
  "\\t-\\r\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const single = new RegExp(`[${whitespaceClass}]`, "u");
const runs = new RegExp(`[${whitespaceClass}]+`, "u");

function isWhitespace(character: string | undefined): boolean {
  return character !== undefined && single.test(character);
}

/** Removes whitespace at the end; a scan from the end, so its time does not depend on what precedes. */
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isWhitespace(text[end - 1])) end -= 1;
  return text.slice(0, end);
}

/** Removes whitespace at both ends. */
export function trim(text: string): string {
  let start = 0;
  while (start < text.length && isWhitespace(text[start])) start += 1;
  return trimEnd(text.slice(start));
}

/** The words of a text, without empty ones. */
export function splitWords(text: string): string[] {
  return text.split(runs).filter((word) => word !== "");
}
