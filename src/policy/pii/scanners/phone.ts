import type { Scanner } from "../scanner.js";
import { findPattern, anySeparator, wordEnd, wordStart } from "./pattern.js";

const number = `(?:\\+?1${anySeparator}?)?\\(?\\d{3}\\)?${anySeparator}?\\d{3}${anySeparator}?\\d{4}`;
const anywhere = new RegExp(number, "g");
const alone = new RegExp(wordStart + number + wordEnd, "g");

/** North American numbers. Without boundaries: any ten digits in a row are one. */
export const phoneScanner: Scanner = {
  type: "phone",
  replacement: "[PHONE_REDACTED]",
  find: (view, add) => findPattern(view, anywhere, add),
};

/** The same as words of their own. */
export const alonePhoneScanner: Scanner = {
  ...phoneScanner,
  find: (view, add) => findPattern(view, alone, add),
};
