import { isRecord } from "../../dto/is-record.js";
import { codePointLength } from "../../internal/code-points.js";
import { trim } from "../../internal/whitespace.js";
import { llmReplacement, normalisePiiType } from "./llm-labels.js";
import type { PiiMatch } from "./pii-match.js";

/** One entry of a reply that names a text; offsets only when they are whole numbers. */
interface Mention {
  readonly type: string;
  readonly text: string;
  readonly start: number | undefined;
  readonly end: number | undefined;
}

function withoutFence(reply: string): string {
  const text = trim(reply);
  return text.startsWith("```") ? text.split("\n").slice(1, -1).join("\n") : text;
}

/** The entries of a reply, or undefined when it is not a JSON list, inside one fenced block or bare. */
export function readLlmReply(reply: string): readonly unknown[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(withoutFence(reply));
  } catch {
    return undefined;
  }
  return Array.isArray(parsed) ? parsed : undefined;
}

function wholeNumber(value: unknown): number | undefined {
  const number =
    typeof value === "string" && /^\s*[+-]?\d+\s*$/u.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}

function readMention(item: unknown): Mention | undefined {
  if (!isRecord(item)) return undefined;
  const { type, text, start, end } = item;
  if (typeof text !== "string" || text === "") return undefined;
  return {
    type: normalisePiiType(type),
    text,
    start: wholeNumber(start),
    end: wholeNumber(end),
  };
}

/** Translates between code points and string indices, in one pass over the text. */
class Offsets {
  readonly #starts: number[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    let unit = 0;
    for (const character of text) {
      this.#starts.push(unit);
      unit += character.length;
    }
    this.#starts.push(unit);
  }

  slice(start: number, end: number): string | undefined {
    const from = this.#starts[start];
    const to = this.#starts[end];
    return from === undefined || to === undefined ? undefined : this.#text.slice(from, to);
  }

  /** The code point that begins at a string index, or undefined inside a pair. */
  codePointAt(unit: number): number | undefined {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) < unit) low = middle + 1;
      else high = middle;
    }
    return this.#starts[low] === unit ? low : undefined;
  }
}

/** Where mentions stand in the text; no span is given to the same text twice. */
class Locator {
  readonly #text: string;
  readonly #offsets: Offsets;
  readonly #used = new Set<string>();
  /** Where the search for a text goes on, so that repeating one costs no new search from the start. */
  readonly #searchFrom = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
    this.#offsets = new Offsets(text);
  }

  locate({ text, start, end }: Mention): { start: number; end: number } | undefined {
    const trusted =
      start !== undefined && end !== undefined && this.#offsets.slice(start, end) === text;
    const span = trusted ? { start, end } : this.#firstUnused(text);
    if (span !== undefined) this.#used.add(`${span.start}:${span.end}`);
    return span;
  }

  #firstUnused(text: string): { start: number; end: number } | undefined {
    const length = codePointLength(text);
    let unit = this.#text.indexOf(text, this.#searchFrom.get(text) ?? 0);
    while (unit !== -1) {
      this.#searchFrom.set(text, unit + 1);
      const start = this.#offsets.codePointAt(unit);
      if (start !== undefined && !this.#used.has(`${start}:${start + length}`)) {
        return { start, end: start + length };
      }
      unit = this.#text.indexOf(text, unit + 1);
    }
    this.#searchFrom.set(text, this.#text.length);
    return undefined;
  }
}

/** Finds the entries of a reply in the text; see {@link parseLlmMatches}. */
export function locateMentions(items: readonly unknown[], text: string): PiiMatch[] {
  const locator = new Locator(text);
  const matches: PiiMatch[] = [];
  for (const item of items) {
    const mention = readMention(item);
    const span = mention === undefined ? undefined : locator.locate(mention);
    if (mention === undefined || span === undefined) continue;
    const { type, text: found } = mention;
    matches.push({ type, ...span, text: found, replacement: llmReplacement(type) });
  }
  return matches;
}

/**
 * Reads a model's reply to the PII prompt: a JSON list of `{ type, text, start, end }`, bare or in one fenced block. Offsets
 * count code points and are trusted only when the text there is `text`; otherwise its first unused occurrence is taken, and
 * what the text does not contain is dropped. A reply that is not a list gives none.
 */
export function parseLlmMatches(reply: string, text: string): PiiMatch[] {
  return locateMentions(readLlmReply(reply) ?? [], text);
}
