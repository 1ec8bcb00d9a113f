import type { PhoneLibrary } from "../phone-library.js";
import type { Scanner } from "../scanner.js";
import { isBehind } from "./context.js";
import { findPattern } from "./pattern.js";
import { phoneScanner } from "./phone.js";

/** Up to 17 digits with short gaps, and an extension; neither cut out of a word, a path or a longer row of numbers. */
const candidate = new RegExp(
  "(?<![\\w\\x80-\\uffff$#=@%+]|\\d[.,:/-]|[A-Za-z][/-])" +
    "[+(]{0,2}\\d(?:[-. ()/]{0,3}\\d){6,16}(?![-. ()/]{0,3}\\d)" +
    "(?: ?(?:x|ext\\.?) ?\\d{1,6})?" +
    "(?![\\w\\x80-\\uffff%]|[.,:/-]\\d)",
  "g",
);
const wordsBefore = new RegExp(
  "\\b(?:call(?:ed|ing)?|(?:tele)?phones?|tel|ph|telefono?|t.l.phone|kontakt|mobile|m.vil|cell|handy|fax|sms|dial|ring|" +
    "whatsapp|hotline|(?:the|my|his|her|our|their|your|contact|registered) (?:number|no)|registered|" +
    "text (?:me|us|him|her|them)|(?:texts?|messages?) to|contact(?: (?:me|us|him|her|them))?(?: (?:at|on))?|" +
    "reach(?:ed)?(?: (?:me|us|him|her|them|out))?(?: (?:at|on))?)\\b",
  "i",
);
const extension = / ?(?:x|ext\.?) ?\d{1,6}$/;
const labelBefore = /\b(?:text|office|home|work|[tmpf](?=[:.]))[:.]?\s?$/i;
const wordsAfter = /^ ?[-(,:]? ?(?:(?:tele)?phone|tel|mobile|cell|fax|office|home|work|direct)\b/i;
const otherShapes = [
  // Dates, also with an hour behind or a version before them.
  /(?<!\d)\d{4}[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:0?[1-9]|[12]\d|3[01])(?!\d)/,
  /^(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:\d\d|(?:19|20)\d\d)(?![-/.\d])/,
  // Spans of years, decimals, dotted quads and social security numbers.
  /^[12]\d{3} ?- ?[12]\d{3}$/,
  /^\d+\.\d+$/,
  /^\d{1,3}(?:\.\d{1,3}){3}$/,
  /^\d{3}-\d{2}-\d{4}$/,
  // A bracket that is not closed, or opened.
  /^[^)]*\([^)]*$/,
  /^[^(]*\)/,
];
/** Digits in a row, thousands, ISBNs, two groups, and rows of figures or versions: numbers only when the text says so. */
const ambiguousShapes = [
  /^\d+$/,
  /^\d{1,3}(?:[ .]\d{3})+$/,
  /^97[89][- ]/,
  /^\d+[-/ ]\d+$/,
  /\/|\.\.|^\d\./,
];
/** Seven digits as they are printed where no area code is dialled. */
const localNumber = /^\d{3}[- ]\d{4}$/;
/** The longest number of ITU-T E.164. */
const maxDigits = 15;
/** How many numbers of one text the library is asked about; further ones count as valid, so that time stays linear. */
const maxLookups = 2_000;

/** A telephone number as the library knows it, or undefined; asks a limited number of times. */
class NumberingPlans {
  readonly #library: PhoneLibrary;
  readonly #regions: readonly string[];
  #lookups = 0;

  constructor(library: PhoneLibrary, regions: readonly string[]) {
    this.#library = library;
    this.#regions = regions;
  }

  isValid(number: string): boolean {
    this.#lookups += 1;
    if (this.#lookups > maxLookups) return true;
    return this.#regions.some((region) => this.#library.isValid(number, region));
  }
}

function isAloneOnLine(view: string, start: number, end: number): boolean {
  const before = view.slice(Math.max(0, start - 8), start);
  const after = view.slice(end, end + 8);
  return /(?:^|[\n\r])[ \t]*$/.test(before) && /^[ \t,;.]*(?:[\n\r]|$)/.test(after);
}

/** Whether the text before a place speaks of a number to call. */
export function isCalledPhone(view: string, start: number): boolean {
  return isBehind(view, start, wordsBefore) || isBehind(view, start, labelBefore);
}

function isNumber(view: string, start: number, end: number, plans: NumberingPlans): boolean {
  const whole = view.slice(start, end);
  const number = whole.replace(extension, "");
  const digitCount = number.replace(/\D/g, "").length;
  if (digitCount > maxDigits || otherShapes.some((shape) => shape.test(number))) return false;
  if (
    number !== whole ||
    isCalledPhone(view, start) ||
    wordsAfter.test(view.slice(end, end + 16))
  ) {
    return true;
  }
  if (/^\(?(?:\+|00)/.test(number)) return plans.isValid(number.replace(/^(\(?)00/, "$1+"));
  if (isAloneOnLine(view, start, end)) {
    return localNumber.test(number) || (digitCount >= 8 && plans.isValid(number));
  }
  return (
    digitCount >= 8 && !ambiguousShapes.some((shape) => shape.test(number)) && plans.isValid(number)
  );
}

/**
 * Beside what the contract calls a phone: valid numbers with a country code; valid numbers of a region, in several groups or on
 * a line of their own; and any 7 to 15 digits that the text speaks of as a number to call.
 */
export function regionalPhoneScanner(
  library: PhoneLibrary,
  regions: readonly string[],
  contractScanner: Scanner = phoneScanner,
): Scanner {
  return {
    ...contractScanner,
    find: (view, add) => {
      contractScanner.find(view, add);
      const plans = new NumberingPlans(library, regions);
      findPattern(view, candidate, add, (start, end) => isNumber(view, start, end, plans));
    },
  };
}
