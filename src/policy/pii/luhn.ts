import { asciiDigit } from "./decimal-digit.js";

const decimalDigit = /\p{Nd}/gu;

/** The Luhn checksum of ISO/IEC 7812-1 over ASCII digits of any number. */
export function hasLuhnChecksum(digits: string): boolean {
  let sum = 0;
  for (let index = digits.length - 1, isDoubled = false; index >= 0; index -= 1) {
    const digit = digits.charCodeAt(index) - 48;
    const doubled = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += isDoubled ? doubled : digit;
    isDoubled = !isDoubled;
  }
  return sum % 10 === 0;
}

/** True when the text holds 9 to 19 decimal digits of any script whose Luhn checksum is right; other characters do not count. */
export function luhnCheck(text: string): boolean {
  const digits = (text.match(decimalDigit) ?? []).map(asciiDigit).join("");
  return digits.length >= 9 && digits.length <= 19 && hasLuhnChecksum(digits);
}
