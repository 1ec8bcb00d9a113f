import { isRecord } from "../../dto/is-record.js";
import { codePointLength } from "../../internal/code-points.js";
import { trim } from "../../internal/whitespace.js";
import { codePointIndexOf, utf16Starts } from "./code-point-offsets.js";
import { llmReplacement, knownPiiType } from "./llm-labels.js";
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
    type: knownPiiType(type),
    text,
    start: wholeNumber(start),
    end: wholeNumber(end),
  };
}

/** Where mentions stand in the text; no span is given to the same text twice. */
class Locator {
  readonly #text: string;
  readonly #starts: Uint32Array | undefined;
  readonly #used = new Set<string>();
  /** Where the search for a text goes on, so that repeating one costs no new search from the start. */
  readonly #searchFrom = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
    this.#starts = utf16Starts(text);
  }

  locate({ text, start, end }: Mention): { start: number; end: number } | undefined {
    const trusted = start !== undefined && end !== undefined && this.#slice(start, end) === text;
    const span = trusted ? { start, end } : this.#firstUnused(text);
    if (span !== undefined) this.#used.add(`${span.start}:${span.end}`);
    return span;
  }

  /** Undefined where an offset is none of the text. */
  #slice(start: number, end: number): string | undefined {
    const length = this.#text.length;
    const unitAt = (offset: number) => {
      if (this.#starts !== undefined) return this.#starts[offset];
      return offset >= 0 && offset <= length ? offset : undefined;
    };
    const [from, to] = [unitAt(start), unitAt(end)];
    return from === undefined || to === undefined ? undefined : this.#text.slice(from, to);
  }

  #firstUnused(text: string): { start: number; end: number } | undefined {
    const length = codePointLength(text);
    let unit = this.#text.indexOf(text, this.#searchFrom.get(text) ?? 0);
    while (unit !== -1) {
      this.#searchFrom.set(text, unit + 1);
      const start = codePointIndexOf(this.#starts, unit);
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
 * what the text does not contain is dropped. A type other than those asked for becomes `unknown`. A reply that is not a list
 * gives none.
 */
export function parseLlmMatches(reply: string, text: string): PiiMatch[] {
  return locateMentions(readLlmReply(reply) ?? [], text);
}
