import { inspect } from "node:util";

const mask = "***";

/** A value that does not print: not in text, in JSON, or in a dump of the object that holds it. */
export class Secret {
  readonly #value: string | number;

  constructor(value: string | number) {
    this.#value = value;
  }

  /** The value itself, for the provider that needs it. */
  reveal(): string | number {
    return this.#value;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [inspect.custom](): string {
    return mask;
  }
}
