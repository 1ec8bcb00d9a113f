import type { RecordedMatch } from "./recorded.js";

const contractCard = /^(?:\d{4}[-\s]?){3}\d{4}$/u;
const contractSsn = /^\d{3}-\d{2}-\d{4}$/u;

function hasRemainderOne(iban: string): boolean {
  const compact = iban.replaceAll(/[\s-]/gu, "").toUpperCase();
  const digits = Array.from(compact.slice(4) + compact.slice(0, 4), (character) =>
    Number.parseInt(character, 36),
  );
  return digits.every(Number.isInteger) && BigInt(digits.join("")) % 97n === 1n;
}

function overlaps(left: RecordedMatch, right: RecordedMatch): boolean {
  return left.type === right.type && left.start < right.end && right.start < left.end;
}

/** Characters that a plain pattern does not read; whitespace of any kind is read. */
const unread = /[^\s -~]/u;

function isDisguised(text: string): boolean {
  return unread.test(text);
}

/** Whether the library means to find a match beyond the recorded ones; told by what it is, not by the case. */
export function isExtension(match: RecordedMatch, recorded: readonly RecordedMatch[]): boolean {
  const { type, text } = match;
  if (isDisguised(text)) return true;
  switch (type) {
    case "credit_card":
      // The reference does not look again inside sixteen digits that begin with the end of another number.
      return !contractCard.test(text) || recorded.some((other) => overlaps(match, other));
    case "ip_address":
      return text.includes("::");
    case "iban":
      return hasRemainderOne(text);
    case "ssn":
      return !contractSsn.test(text);
    default:
      return false;
  }
}

/** Whether a recorded match is a part of one that goes on over disguised characters. */
export function isExtended(match: RecordedMatch, extensions: readonly RecordedMatch[]): boolean {
  return extensions.some(
    (other) =>
      overlaps(match, other) &&
      other.start <= match.start &&
      match.end <= other.end &&
      isDisguised(other.text),
  );
}
