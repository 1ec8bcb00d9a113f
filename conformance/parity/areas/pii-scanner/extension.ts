import type { RecordedMatch } from "./recorded.js";

const contractCard = /^(?:\d{4}[-\s]?){3}\d{4}$/u;
const contractSsn = /^\d{3}-\d{2}-\d{4}$/u;

function hasRemainderOne(iban: string): boolean {
  const compact = iban.replaceAll(/[\s-]/gu, "").toUpperCase();
  const digits = [...compact.slice(4), ...compact.slice(0, 4)].map((character) =>
    Number.parseInt(character, 36),
  );
  return digits.every(Number.isInteger) && BigInt(digits.join("")) % 97n === 1n;
}

/** Whether characters that a plain pattern does not read are in it; whitespace of any kind is read. */
function isDisguised(text: string): boolean {
  return /[^\0-\x7f\s]/u.test(text);
}

/** Whether a match is one that the library means to find beyond the contract; what it is, not which case. */
export function isExtension({ type, text }: RecordedMatch): boolean {
  if (isDisguised(text)) return true;
  switch (type) {
    case "credit_card":
      return !contractCard.test(text);
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
