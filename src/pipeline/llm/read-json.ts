/** Thrown inside this file only: text that is no JSON, or too deep. */
class NotJson extends Error {}

const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const spaces = /[ \t\n\r]*/y;

const words: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** A reader with a position; depth is bounded by the caller, so recursion is. */
class JsonReader {
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  document(): unknown {
    const value = this.#value(0);
    this.#match(spaces);
    if (this.#at < this.#text.length) throw new NotJson();
    return value;
  }

  #match(form: RegExp): string | undefined {
    form.lastIndex = this.#at;
    const found = form.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  /** Whether the next character is this one, and past it when it is. */
  #take(character: string): boolean {
    this.#match(spaces);
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #expect(character: string): void {
    if (!this.#take(character)) throw new NotJson();
  }

  #value(depth: number): unknown {
    if (depth > this.#maxDepth) throw new NotJson();
    if (this.#take("{")) return this.#members(depth + 1);
    if (this.#take("[")) return this.#items(depth + 1);
    if (this.#text[this.#at] === '"') return this.#string();
    for (const [word, value] of words) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    const number = this.#match(numberForm);
    if (number === undefined) throw new NotJson();
    return Number(number);
  }

  /** Goes to the closing quote; what is not allowed before it is left to `JSON.parse`. */
  #string(): string {
    const start = this.#at;
    if (this.#text[start] !== '"') throw new NotJson();
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') {
      end += this.#text[end] === "\\" ? 2 : 1;
    }
    this.#at = end + 1;
    const value: unknown = JSON.parse(this.#text.slice(start, this.#at));
    return String(value);
  }

  #items(depth: number): unknown[] {
    const items: unknown[] = [];
    if (this.#take("]")) return items;
    do items.push(this.#value(depth));
    while (this.#take(","));
    this.#expect("]");
    return items;
  }

  #members(depth: number): Record<string, unknown> {
    const members: Record<string, unknown> = {};
    if (this.#take("}")) return members;
    do {
      this.#match(spaces);
      const key = this.#string();
      this.#expect(":");
      const value = this.#value(depth);
      // Assigning it would change the object's prototype, here or wherever the object is copied.
      if (key !== "__proto__") members[key] = value;
    } while (this.#take(","));
    this.#expect("}");
    return members;
  }
}

/**
 * Parses strict JSON, and the words `NaN`, `Infinity` and `-Infinity`, which Python writes. Of repeated keys the last wins;
 * `__proto__` is left out.
 *
 * @param maxDepth - Lists and objects inside each other; deeper text is no JSON.
 * @returns `undefined` when the text is not JSON.
 */
export function readJson(text: string, maxDepth: number): unknown {
  try {
    return new JsonReader(text, maxDepth).document();
  } catch (error) {
    if (error instanceof NotJson || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
