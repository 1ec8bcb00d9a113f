import { asciiDigit, isDecimalDigit } from "./decimal-digit.js";

/**
 * A text as the scanners read it: one UTF-16 unit for each code point. Digits of every script are ASCII digits, every
 * whitespace beyond ASCII is a space, every letter or number beyond ASCII stays at or above U+0080, and whatever else lies
 * beyond ASCII is U+0001.
 */
export interface TextView {
  readonly text: string;
}

/** A view from which characters may have been dropped. */
export interface UnmaskedView extends TextView {
  /** The code point of the original that each unit stands for. */
  readonly origins: Uint32Array;
}

export interface TextViews {
  readonly plain: TextView;
  /** With disguises taken off; absent when there are none. */
  readonly unmasked?: UnmaskedView | undefined;
}

const beyondAscii = /[^\0-\x7f]/;
const whitespace = /[\x85\s]/u;
const wordCharacter = /[\p{L}\p{N}]/u;
/** What a reader does not see: default-ignorable code points, and marks that are drawn over the character before. */
const invisible = /[\p{Default_Ignorable_Code_Point}\u0300-\u036f\u20d0-\u20ff]/u;
const dash = /[\u2010-\u2015\u2212\ufe58]/u;

const letterStandIn = "\u4e00";
const otherStandIn = "\u0001";
const byteOrderMark = "\ufeff";

function unitOf(character: string): string {
  if (isDecimalDigit(character)) return asciiDigit(character);
  if (wordCharacter.test(character)) return character.length > 1 ? letterStandIn : character;
  return whitespace.test(character) && character !== byteOrderMark ? " " : otherStandIn;
}

/** The ASCII character a disguised one reads as, `""` for one that is not seen, undefined for an honest one. */
function unmask(character: string): string | undefined {
  if (invisible.test(character)) return "";
  if (dash.test(character)) return "-";
  const compatible = character.normalize("NFKC");
  return compatible.length === 1 && compatible > " " && compatible <= "~" ? compatible : undefined;
}

/** How the scanners read a text, as it stands and with disguises taken off. Linear in its length. */
export function textViewsOf(text: string): TextViews {
  if (!beyondAscii.test(text)) return { plain: { text } };
  const plain: string[] = [];
  const unmasked: string[] = [];
  const origins = new Uint32Array(text.length);
  let isMasked = false;
  for (const character of text) {
    if (character <= "\x7f") {
      origins[unmasked.length] = plain.length;
      plain.push(character);
      unmasked.push(character);
      continue;
    }
    const unit = unitOf(character);
    const read = unmask(character) ?? unit;
    isMasked ||= read !== unit;
    if (read !== "") {
      origins[unmasked.length] = plain.length;
      unmasked.push(read);
    }
    plain.push(unit);
  }
  return {
    plain: { text: plain.join("") },
    unmasked: isMasked
      ? { text: unmasked.join(""), origins: origins.subarray(0, unmasked.length) }
      : undefined,
  };
}
