import { ibanLength, isIban } from "../iban-checksum.js";
import type { Scanner } from "../scanner.js";
import { findPattern, space, wordEnd, wordStart } from "./pattern.js";

const grouped = new RegExp(
  `${wordStart}[A-Z]{2}\\d{2}(?:${space}?[A-Z0-9]{4}){3,8}(?:${space}?[A-Z0-9]{1,4})?${wordEnd}`,
  "g",
);
const anyStart = new RegExp(`${wordStart}[A-Za-z]{2}[- ]?\\d{2}`, "g");
const alphanumeric = /[A-Za-z0-9]/;
const word = /[\w\x80-\uffff]/;

/** Where the letters and digits that the country asks for end, single separators between them; undefined when they do not. */
function stretchEnd(view: string, start: number): number | undefined {
  const length = ibanLength(view.slice(start, start + 2).toUpperCase());
  if (length === undefined) return undefined;
  let end = start;
  for (let count = 0; count < length; count += 1) {
    if (count > 0 && (view[end] === " " || view[end] === "-")) end += 1;
    if (end >= view.length || !alphanumeric.test(view.charAt(end))) return undefined;
    end += 1;
  }
  return end < view.length && word.test(view.charAt(end)) ? undefined : end;
}

/** What is grouped like an IBAN, right or wrong; and in any grouping or letter case what passes the check of its country. */
export const ibanScanner: Scanner = {
  type: "iban",
  replacement: "[IBAN_REDACTED]",
  find: (view, add) => {
    findPattern(view, grouped, add);
    findPattern(view, anyStart, (start) => {
      const end = stretchEnd(view, start);
      if (end === undefined) return;
      if (isIban(view.slice(start, end).replaceAll(/[- ]/g, "").toUpperCase())) add(start, end);
    });
  },
};
