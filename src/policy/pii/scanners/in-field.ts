import { isIban } from "../iban-checksum.js";
import type { Scanner } from "../scanner.js";
import { isIssuedCard } from "./credit-card.js";
import { isCalledPhone } from "./regional-phone.js";

type Check = (view: string, start: number, end: number) => boolean;

const wordCharacter = /[\w\x80-\uffff]/;

function isWordAt(view: string, at: number): boolean {
  return at >= 0 && at < view.length && wordCharacter.test(view.charAt(at));
}

/** Not a piece of a longer run of letters, digits, dots, underscores and hyphens. */
function standsAlone(view: string, start: number, end: number): boolean {
  const isJoined = (at: number, beyond: number) =>
    isWordAt(view, at) || (/[.-]/.test(view.charAt(at)) && isWordAt(view, beyond));
  return !isJoined(start - 1, start - 2) && !isJoined(end, end + 1);
}

/** Digits in a row are a number to call only when the text says so. */
const isWrittenPhone: Check = (view, start, end) =>
  /\D/.test(view.slice(start, end)) || isCalledPhone(view, start);

/** Numbers in one row are times and counters too: those with 17 digits and more, and those that begin with 1. */
const isWrittenCard: Check = (view, start, end) => {
  const matched = view.slice(start, end);
  return isIssuedCard(matched) && (/\D/.test(matched) || /^[2-9]\d{11,15}$/.test(matched));
};

const isRightIban: Check = (view, start, end) =>
  isIban(
    view
      .slice(start, end)
      .replaceAll(/[^A-Za-z0-9]/g, "")
      .toUpperCase(),
  );

const checks: ReadonlyMap<string, Check> = new Map([
  ["phone", isWrittenPhone],
  ["credit_card", isWrittenCard],
  ["iban", isRightIban],
]);

/**
 * A scanner for values that are identifiers as often as prose: what it finds stands on its own, and is told from a counter, a
 * time or a hash by its separators, its issuer or its checksum.
 */
export function inField(scanner: Scanner): Scanner {
  const check = checks.get(scanner.type);
  return {
    ...scanner,
    find: (view, add) =>
      scanner.find(view, (start, end) => {
        if (standsAlone(view, start, end) && check?.(view, start, end) !== false) add(start, end);
      }),
  };
}
