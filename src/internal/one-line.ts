/** C0 and C1 controls, DEL, line and paragraph separators, and what changes the direction of text. */
const disruptive = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A text as one line of a log may quote it: what would forge or hide a line is a space. */
export function oneLine(text: string): string {
  return text.replaceAll(disruptive, " ");
}
