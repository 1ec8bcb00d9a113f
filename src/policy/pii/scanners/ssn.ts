import type { Scanner } from "../scanner.js";
import { isBehind } from "./context.js";
import { findPattern, anySeparator, wordEnd, wordStart } from "./pattern.js";

const hyphenated = new RegExp(`${wordStart}\\d{3}-\\d{2}-\\d{4}${wordEnd}`, "g");
/** Never issued: area 000, 666 or 9xx, group 00, serial 0000 (Social Security Administration, RM 10201.035). */
const otherwise = new RegExp(
  `${wordStart}(?!000|666|9)\\d{3}${anySeparator}?(?!00)\\d{2}${anySeparator}?(?!0000)\\d{4}${wordEnd}`,
  "g",
);
const words = /\b(?:ssn|social security)\b/i;

/** Three, two and four digits with hyphens; with other separators or none where the text speaks of a social security number. */
export const ssnScanner: Scanner = {
  type: "ssn",
  replacement: "[SSN_REDACTED]",
  find: (view, add) => {
    findPattern(view, hyphenated, add);
    findPattern(view, otherwise, add, (start) => isBehind(view, start, words));
  },
};
