import type { Scanner } from "../scanner.js";

const localPart = /[\w.%+-]/;
const alphanumeric = /[A-Za-z0-9]/;
const letter = /[A-Za-z]/;
const word = /[\w\x80-\uffff]/;

function isAt(view: string, index: number, characters: RegExp): boolean {
  return index >= 0 && index < view.length && characters.test(view.charAt(index));
}

/** Where the local part before `at` begins, not before `from`; undefined when there is none. */
function localStart(view: string, at: number, from: number): number | undefined {
  if (at <= from || !isAt(view, at - 1, alphanumeric)) return undefined;
  let start: number | undefined;
  for (let index = at - 1; index >= from && isAt(view, index, localPart); index -= 1) {
    if (isAt(view, index, alphanumeric) && !isAt(view, index - 1, word)) start = index;
  }
  return start;
}

function endOf(view: string, from: number, characters: RegExp): number {
  let end = from;
  while (isAt(view, end, characters)) end += 1;
  return end;
}

/** Where the longest domain from `from` on ends; its last label is of letters only. */
function domainEnd(view: string, from: number): number | undefined {
  let end: number | undefined;
  let labelStart = from;
  for (let labels = 1; isAt(view, labelStart, alphanumeric); labels += 1) {
    const lettersEnd = endOf(view, labelStart, letter);
    if (labels > 1 && lettersEnd - labelStart >= 2 && !isAt(view, lettersEnd, word)) {
      end = lettersEnd;
    }
    const labelEnd = endOf(view, labelStart, /[A-Za-z0-9-]/);
    if (view[labelEnd] !== "." || !isAt(view, labelEnd - 1, alphanumeric)) break;
    labelStart = labelEnd + 1;
  }
  return end;
}

/** Expands around each `@`; neither side can reach beyond the next one, so that no character is read more than twice. */
export const emailScanner: Scanner = {
  type: "email",
  replacement: "[EMAIL_REDACTED]",
  find: (view, add) => {
    let searched = 0;
    for (let at = view.indexOf("@"); at >= 0; at = view.indexOf("@", at + 1)) {
      const start = localStart(view, at, searched);
      const end = start === undefined ? undefined : domainEnd(view, at + 1);
      if (start === undefined || end === undefined) continue;
      add(start, end);
      searched = end;
    }
  },
};
