/**
 * What a reader does not see, as the inside of a character class: default-ignorable and format characters, controls other
 * than separators, halves of surrogate pairs, marks drawn over the character before, the braille blank, and the tatweel,
 * which only stretches a line.
 */
const unseenClass =
  "\\p{Default_Ignorable_Code_Point}\\p{Cf}\\p{Cs}\\p{M}\\u2800\\u0640\\0-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f";
const unseen = new RegExp(`[${unseenClass}]`, "u");
const unseenRuns = new RegExp(`[${unseenClass}]+`, "gu");

const dash = /[\u2010-\u2015\u2212\ufe58]/u;
const letter = /\p{L}/u;
/** The full stops that stand for a dot in domain names (RFC 3490, section 3.1); the full-width one is a compatibility form. */
const ideographicStop = /[\u3002\uff61]/u;
const enclosed = /[\u2460-\u24ff\u2776-\u2793\u{1f100}-\u{1f189}]/u;
const enclosedCharacters = new RegExp(enclosed, "gu");
/** Enclosed numbers and letters without a compatibility form: the first of a row, and what it stands for. */
const enclosedRows: readonly (readonly [first: number, last: number, value: number | string])[] = [
  [0x24eb, 0x24f4, 11],
  [0x24f5, 0x24fe, 1],
  [0x24ff, 0x24ff, 0],
  [0x2776, 0x277f, 1],
  [0x2780, 0x2789, 1],
  [0x278a, 0x2793, 1],
  [0x1f10b, 0x1f10c, "0"],
  [0x1f150, 0x1f169, "A"],
  [0x1f170, 0x1f189, "A"],
];

/** Letters of other scripts that look like Latin ones, in lower case; the common confusables of UTS #39. */
const lookAlikes = new Map(
  Object.entries({
    а: "a",
    в: "b",
    с: "c",
    ԁ: "d",
    е: "e",
    һ: "h",
    н: "h",
    і: "i",
    ј: "j",
    к: "k",
    ӏ: "l",
    м: "m",
    о: "o",
    р: "p",
    ԛ: "q",
    ѕ: "s",
    т: "t",
    у: "y",
    ѵ: "v",
    ԝ: "w",
    х: "x",
    α: "a",
    ε: "e",
    ι: "i",
    κ: "k",
    ν: "v",
    ο: "o",
    ρ: "p",
    τ: "t",
    υ: "u",
    χ: "x",
    ı: "i",
    ɡ: "g",
    ո: "n",
    օ: "o",
    ѡ: "w",
  }),
);

/** `(1)`, `1.` and `1,` in one character are the digit, as are the circled ones; `(a)` is the letter. */
function contentOf(character: string): string {
  const compatible = character.normalize("NFKC");
  const inner = /^\(?([0-9]{1,2}|[A-Za-z])[).,]?$/u.exec(compatible)?.[1];
  if (inner !== undefined) return inner;
  const codePoint = character.codePointAt(0) ?? 0;
  const row = enclosedRows.find(([first, last]) => codePoint >= first && codePoint <= last);
  if (row === undefined) return character;
  const [first, , value] = row;
  if (typeof value === "number") return String(value + codePoint - first);
  return value === "0"
    ? value
    : String.fromCodePoint((value.codePointAt(0) ?? 0) + codePoint - first);
}

/** The text without what a reader does not see. */
export function dropUnseen(text: string): string {
  return text.replaceAll(unseenRuns, "");
}

/** The text with enclosed digits and letters (`①`, `⑴`, `⒈`, `❶`, `🅐`) taken out of their circles and brackets. */
export function openEnclosed(text: string): string {
  return text.replaceAll(enclosedCharacters, contentOf);
}

/** A text in lower case with look-alike letters of other scripts as the Latin ones. */
export function foldLookAlikes(lowerCase: string): string {
  return lowerCase.replaceAll(
    /[^\0-\x7f]/gu,
    (character) => lookAlikes.get(character) ?? character,
  );
}

/**
 * The printable ASCII that one disguised character reads as: `""` for one that is not seen, letters and digits for a ligature
 * or an enclosed number; undefined for an honest character.
 */
export function readAs(character: string): string | undefined {
  if (unseen.test(character)) return "";
  if (dash.test(character)) return "-";
  if (ideographicStop.test(character)) return ".";
  const isEnclosed = enclosed.test(character);
  const read = isEnclosed ? contentOf(character) : character.normalize("NFKC");
  if (/^[!-~]$/u.test(read)) return read;
  // Of signs such as the trademark's, several letters are a word of their own.
  const isWord = isEnclosed || letter.test(character);
  return isWord && /^[A-Za-z0-9]+$/u.test(read) ? read : undefined;
}
