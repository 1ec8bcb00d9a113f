import { whitespaceClass } from "../../internal/whitespace.js";

/** Says why a pattern cannot run in linear time, or at all. */
export class UnsupportedPattern {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

const word = String.raw`\p{L}\p{N}_`;
const space = whitespaceClass.replaceAll(/\\u([0-9a-f]{4})/gu, String.raw`\x{$1}`);

function hexRange(first: number, last: number): string {
  return String.raw`\x{${first.toString(16)}}-\x{${last.toString(16)}}`;
}

/** Every code point outside a class, as ranges: a class inside brackets cannot be negated alone. */
function complement(members: string): string {
  const outside = new RegExp(`[^${members}]`, "u");
  const ranges: string[] = [];
  let first = -1;
  for (let codePoint = 0; codePoint <= 0x10_ff_ff; codePoint += 1) {
    const isOutside = outside.test(String.fromCodePoint(codePoint));
    if (isOutside && first === -1) first = codePoint;
    if (!isOutside && first !== -1) {
      ranges.push(hexRange(first, codePoint - 1));
      first = -1;
    }
  }
  if (first !== -1) ranges.push(hexRange(first, 0x10_ff_ff));
  return ranges.join("");
}

/** An escape that means the same inside and outside brackets. */
function translateEscape(pattern: string, at: number): { text: string; length: number } {
  const escape = pattern[at + 1] ?? "";
  if (escape === "d") return { text: String.raw`\p{Nd}`, length: 2 };
  if (escape === "D") return { text: String.raw`\P{Nd}`, length: 2 };
  const digits = escape === "u" ? 4 : 8;
  const code = pattern.slice(at + 2, at + 2 + digits);
  if ((escape === "u" || escape === "U") && /^[0-9a-fA-F]+$/u.test(code)) {
    return { text: String.raw`\x{${code}}`, length: 2 + digits };
  }
  return { text: `\\${escape}`, length: 1 + escape.length };
}

const outsideBrackets = new Map([
  ["w", `[${word}]`],
  ["W", `[^${word}]`],
  ["s", `[${space}]`],
  ["S", `[^${space}]`],
  ["Z", String.raw`\z`],
]);

function translateOutside(pattern: string, at: number): { text: string; length: number } {
  const text = outsideBrackets.get(pattern[at + 1] ?? "");
  return text === undefined ? translateEscape(pattern, at) : { text, length: 2 };
}

const insideBrackets = new Map([
  ["w", () => word],
  ["W", () => complement(word)],
  ["s", () => space],
  ["S", () => complement(whitespaceClass)],
  ["b", () => String.raw`\x08`],
]);

function translateInside(pattern: string, at: number): { text: string; length: number } {
  const text = insideBrackets.get(pattern[at + 1] ?? "");
  return text === undefined ? translateEscape(pattern, at) : { text: text(), length: 2 };
}

/** Translates a bracketed class; an unclosed one is left to the engine to refuse. */
function translateBrackets(pattern: string, open: number): { text: string; length: number } {
  let at = open + 1;
  let text = "[";
  if (pattern[at] === "^") {
    text += "^";
    at += 1;
  }
  // First in its class, a closing bracket stands for itself.
  if (pattern[at] === "]") {
    text += String.raw`\]`;
    at += 1;
  }
  while (at < pattern.length && pattern[at] !== "]") {
    if (pattern[at] === "\\") {
      const escape = translateInside(pattern, at);
      text += escape.text;
      at += escape.length;
    } else {
      // `[:name:]` is a class for the engine and plain characters in Python.
      text += pattern[at] === "[" ? String.raw`\[` : (pattern[at] ?? "");
      at += 1;
    }
  }
  if (at < pattern.length) text += "]";
  return { text, length: at + 1 - open };
}

function refusal(pattern: string, at: number): string | undefined {
  const group = /^\(\?(?:<?[=!])/u.exec(pattern.slice(at, at + 4));
  if (group !== null) return `look-around (${group[0]}) needs backtracking`;
  if (pattern.startsWith("(?P=", at)) return "back references (?P=…) need backtracking";
  if (/^\\[1-9]/u.test(pattern.slice(at, at + 2))) {
    return String.raw`back references (\1) need backtracking`;
  }
  return undefined;
}

/**
 * Rewrites a pattern of Python's `re` for RE2: `\d`, `\w` and `\s` become their Unicode classes, also inside brackets, and
 * spellings that only Python has are spelled as RE2 does.
 */
export function translatePattern(pattern: string): string | UnsupportedPattern {
  let text = "";
  let at = 0;
  while (at < pattern.length) {
    const reason = refusal(pattern, at);
    if (reason !== undefined) return new UnsupportedPattern(reason);
    if (pattern[at] === "\\" || pattern[at] === "[") {
      const translate = pattern[at] === "[" ? translateBrackets : translateOutside;
      const part = translate(pattern, at);
      text += part.text;
      at += part.length;
    } else {
      text += pattern[at] ?? "";
      at += 1;
    }
  }
  return text;
}
