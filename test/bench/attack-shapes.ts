function repeat(piece: string) {
  return (length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

/** Texts that slow down a scanner that backtracks or looks again, by name; each makes one of a length in UTF-16 units. */
export const attackShapes: Readonly<Record<string, (length: number) => string>> = {
  letters: repeat("a"),
  digits: repeat("1"),
  "digits and dashes": repeat("1-1-"),
  "digits and colons": repeat("1:1:"),
  "hex and colons": repeat("fe80::"),
  dots: repeat("1."),
  "mail without end": repeat("a@a.a."),
  "local parts": repeat("a."),
  "at signs": repeat("@"),
  "open brackets": repeat("("),
  "phone starts": repeat("+1("),
  "account starts": repeat("AA00 "),
  "birth words": repeat("born: "),
  spaces: repeat(" "),
  "zero-width characters": repeat("1\u200b"),
  "full-width digits": repeat("１"),
  "combining marks": repeat("e\u0301"),
};
