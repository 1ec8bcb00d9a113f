import { hasKnownIssuer } from "../card-issuers.js";
import { hasLuhnChecksum } from "../luhn.js";
import type { Scanner } from "../scanner.js";
import { isBehind } from "./context.js";
import { dashOrSpace, findPattern, wordEnd, wordStart } from "./pattern.js";

const separator = `${dashOrSpace}?`;
const fourByFour = new RegExp(`${wordStart}(?:\\d{4}${separator}){3}\\d{4}${wordEnd}`, "g");
/** In one run, in fours with a shorter rest, or as American Express and Diners print it (4-6-5 and 4-6-4). */
const otherLengths = new RegExp(
  `${wordStart}(?:\\d{12,19}|\\d{4}(?:([- ])\\d{4})(?:\\1\\d{4}){1,2}(?:\\1\\d{1,4})?|\\d{4}([- ])\\d{6}\\2\\d{4,5})${wordEnd}`,
  "g",
);
/** The same between separators that numbers of other kinds have too. */
const rareSeparator = "([./_]|[ \\t]{2}|[ \\t][-./_|][ \\t])";
const rarelySeparated = new RegExp(
  `${wordStart}(?:\\d{4}${rareSeparator}\\d{4}(?:\\1\\d{4}){1,2}(?:\\1\\d{1,4})?|\\d{4}${rareSeparator}\\d{6}\\2\\d{4,5})${wordEnd}`,
  "g",
);
const cardWords =
  /\b(?:cards?|cc|visa|mastercard|maestro|amex|american express|diners|discover|jcb|debit)\b/i;

function digitsOf(matched: string): string {
  return matched.replace(/\D/g, "");
}

function hasCardChecksum(digits: string): boolean {
  return digits.length >= 12 && digits.length <= 19 && hasLuhnChecksum(digits);
}

/** Whether a network issues such a number, and its checksum is right. */
export function isIssuedCard(matched: string): boolean {
  const digits = digitsOf(matched);
  return hasCardChecksum(digits) && hasKnownIssuer(digits);
}

function isOtherCard(view: string, start: number, end: number): boolean {
  const digits = digitsOf(view.slice(start, end));
  return hasCardChecksum(digits) && (hasKnownIssuer(digits) || isBehind(view, start, cardWords));
}

/**
 * Four groups of four digits with a right checksum, whoever issued them; 12 to 19 digits with a right checksum when the issuer
 * is known, or the text speaks of a card; and between dots, slashes, underscores, two spaces or spaced dashes when the issuer is
 * known.
 */
export const creditCardScanner: Scanner = {
  type: "credit_card",
  replacement: "[CC_REDACTED]",
  find: (view, add) => {
    findPattern(view, fourByFour, add, (start, end) =>
      hasLuhnChecksum(digitsOf(view.slice(start, end))),
    );
    findPattern(view, otherLengths, add, (start, end) => isOtherCard(view, start, end));
    findPattern(view, rarelySeparated, add, (start, end) => isIssuedCard(view.slice(start, end)));
  },
};
