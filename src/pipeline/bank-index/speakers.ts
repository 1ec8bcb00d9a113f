import { termsOf } from "../lexicon/terms-of.js";

/** A longer name is not looked for in a question. UTF-16 units. */
const maxNameLength = 64;

interface Speaker {
  readonly number: number;
  memories: number;
}

/** Who speaks in a bank, in lower case, each with a number of its own. */
export class Speakers {
  readonly #known = new Map<string, Speaker>();
  /** How many names hold a term. */
  readonly #terms = new Map<string, number>();
  #next = 0;

  get size(): number {
    return this.#known.size;
  }

  /** Counts one memory of a speaker. @returns The speaker's number, from 0. */
  add(name: string): number {
    const known = this.#known.get(name) ?? this.#open(name);
    known.memories += 1;
    return known.number;
  }

  /** Takes one memory of a speaker back. */
  remove(name: string): void {
    const known = this.#known.get(name);
    if (known === undefined) return;
    known.memories -= 1;
    if (known.memories > 0) return;
    this.#known.delete(name);
    for (const term of new Set(termsOf(name))) {
      const count = (this.#terms.get(term) ?? 1) - 1;
      if (count > 0) this.#terms.set(term, count);
      else this.#terms.delete(term);
    }
  }

  numberOf(name: string): number | undefined {
    return this.#known.get(name)?.number;
  }

  /** Whether a term is part of a speaker's name. */
  isNameTerm(term: string): boolean {
    return this.#terms.has(term);
  }

  /** The speakers whose names are among the words, which are in lower case. */
  namedIn(words: readonly string[]): string[] {
    const named = new Set<string>();
    for (const start of words.keys()) {
      let name = "";
      for (let end = start; end < words.length; end += 1) {
        name += `${end === start ? "" : " "}${words[end]}`;
        if (name.length > maxNameLength) break;
        if (this.#known.has(name)) named.add(name);
      }
    }
    return [...named];
  }

  #open(name: string): Speaker {
    const speaker = { number: this.#next, memories: 0 };
    this.#next += 1;
    this.#known.set(name, speaker);
    for (const term of new Set(termsOf(name))) {
      this.#terms.set(term, (this.#terms.get(term) ?? 0) + 1);
    }
    return speaker;
  }
}
