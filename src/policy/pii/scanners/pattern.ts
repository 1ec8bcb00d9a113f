import type { AddSpan } from "../scanner.js";

// Parts of the patterns that run over a view. A pattern stays linear when each repetition in it is bounded, or runs over
// characters that only one start can reach.
const spaces = "\\s\\x1c-\\x1f";
export const space = `[${spaces}]`;
export const colonOrSpace = `[:${spaces}]`;
export const dashOrSpace = `[${spaces}-]`;
export const anySeparator = `[.${spaces}-]`;
/** Before the first and after the last character of a word. */
export const wordStart = "(?<![\\w\\x80-\\uffff])";
export const wordEnd = "(?![\\w\\x80-\\uffff])";

/** Adds every match that passes the check, as `re.finditer` gives them: the search goes on behind a match that fails it. */
export function findPattern(
  view: string,
  pattern: RegExp,
  add: AddSpan,
  isAccepted?: (start: number, end: number) => boolean,
): void {
  const search = new RegExp(pattern);
  for (let match = search.exec(view); match !== null; match = search.exec(view)) {
    const end = search.lastIndex;
    if (isAccepted?.(match.index, end) !== false) add(match.index, end);
  }
}
