import { readAs } from "../disguise.js";
import { asciiDigit, isDecimalDigit } from "./decimal-digit.js";

/**
 * A text as the scanners read it: one UTF-16 unit for each code point. Digits of every script are ASCII digits, every
 * whitespace beyond ASCII is a space, every letter or number beyond ASCII stays at or above U+0080, and whatever else lies
 * beyond ASCII is U+0001.
 */
export interface TextView {
  readonly text: string;
}

/** A view from which characters may have been dropped, and in which one may have become several. */
export interface UnmaskedView extends TextView {
  /** The code point of the original that each unit stands for. */
  readonly origins: readonly number[];
}

export interface TextViews {
  readonly plain: TextView;
  /** With disguises taken off; absent when there are none. */
  readonly unmasked?: UnmaskedView | undefined;
}

/** The whitespace of ASCII, with what Python counts to it. */
const separators = "\\t-\\r\\x1c-\\x1f";
const unusual = new RegExp(`[^${separators} -~]`);
const whitespace = /[\x85\s]/u;
const wordCharacter = /[\p{L}\p{N}]/u;

const letterStandIn = "\u4e00";
const otherStandIn = "\u0001";
const byteOrderMark = "\ufeff";

function isUsual(character: string): boolean {
  return !unusual.test(character);
}

function unitOf(character: string): string {
  if (character <= "\x7f") return character;
  if (isDecimalDigit(character)) return asciiDigit(character);
  if (wordCharacter.test(character)) return character.length > 1 ? letterStandIn : character;
  return whitespace.test(character) && character !== byteOrderMark ? " " : otherStandIn;
}

/** How the scanners read a text, as it stands and with disguises taken off. Linear in its length. */
export function textViewsOf(text: string): TextViews {
  if (isUsual(text)) return { plain: { text } };
  const plain: string[] = [];
  const unmasked: string[] = [];
  const origins: number[] = [];
  let isMasked = false;
  for (const character of text) {
    const unit = unitOf(character);
    const read = isUsual(character) ? unit : (readAs(character) ?? unit);
    isMasked ||= read !== unit;
    for (const one of read) {
      origins.push(plain.length);
      unmasked.push(one);
    }
    plain.push(unit);
  }
  return {
    plain: { text: plain.join("") },
    unmasked: isMasked ? { text: unmasked.join(""), origins } : undefined,
  };
}
