import type { AddSpan } from "../scanner.js";

/** Parts of the patterns that run over a view; every repetition in them must be bounded, so that they stay linear. */
export const space = "[\\s\\x1c-\\x1f]";
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
