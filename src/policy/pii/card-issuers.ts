/** First digits, from and to, and the lengths that the networks issue with them (ISO/IEC 7812 issuer identification numbers). */
interface IssuerRange {
  readonly from: string;
  readonly to?: string;
  readonly lengths: readonly number[];
}

const maestroLengths = [12, 13, 14, 15, 16, 17, 18, 19];
const longLengths = [16, 17, 18, 19];

const issuerRanges: readonly IssuerRange[] = [
  // Visa
  { from: "4", lengths: [13, 16, 19] },
  // Mastercard
  { from: "51", to: "55", lengths: [16] },
  { from: "2221", to: "2720", lengths: [16] },
  // American Express
  { from: "34", lengths: [15] },
  { from: "37", lengths: [15] },
  // Diners Club
  { from: "300", to: "305", lengths: [14, 16, 19] },
  { from: "309", lengths: [14, 16, 19] },
  { from: "36", lengths: [14, 16, 19] },
  { from: "38", to: "39", lengths: [14, 16, 19] },
  // Discover
  { from: "6011", lengths: longLengths },
  { from: "644", to: "649", lengths: longLengths },
  { from: "65", lengths: longLengths },
  // JCB, the first two from before 2005
  { from: "2131", lengths: [15, 16] },
  { from: "1800", lengths: [15, 16] },
  { from: "3528", to: "3589", lengths: longLengths },
  // Maestro
  { from: "50", lengths: maestroLengths },
  { from: "56", to: "58", lengths: maestroLengths },
  { from: "0604", lengths: maestroLengths },
  { from: "6304", lengths: maestroLengths },
  { from: "6390", lengths: maestroLengths },
  { from: "67", lengths: maestroLengths },
  // UnionPay
  { from: "62", lengths: longLengths },
  { from: "81", lengths: longLengths },
  // RuPay, Hipercard
  { from: "60", lengths: [16] },
  // Mir, Troy
  { from: "2200", to: "2204", lengths: longLengths },
  { from: "9792", lengths: [16] },
];

/** True when a card network issues numbers of this length that begin like this. */
export function hasKnownIssuer(digits: string): boolean {
  return issuerRanges.some(({ from, to = from, lengths }) => {
    const prefix = digits.slice(0, from.length);
    return prefix >= from && prefix <= to && lengths.includes(digits.length);
  });
}
