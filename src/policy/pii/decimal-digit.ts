const decimalDigit = /\p{Nd}/u;

/** True for a single decimal digit of any script. */
export function isDecimalDigit(character: string): boolean {
  return decimalDigit.test(character);
}

/** The ASCII digit of a decimal digit of any script; digits come in unbroken tens from zero (Unicode Standard, section 4.6). */
export function asciiDigit(character: string): string {
  const compatible = character.normalize("NFKC");
  if (compatible >= "0" && compatible <= "9") return compatible;
  const codePoint = character.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && decimalDigit.test(String.fromCodePoint(codePoint - value - 1))) value += 1;
  return String(value);
}
