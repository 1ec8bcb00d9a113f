import { inspect } from "node:util";

const mask = "***";

/** What may be secret: YAML reads an unquoted date as such. */
export type SecretValue = string | number | bigint | { toISOString(): string };

/** A value that does not print: not in text, in JSON, or in a dump of the object that holds it. */
export class Secret {
  readonly #value: SecretValue;

  constructor(value: SecretValue) {
    this.#value = value;
  }

  /** The value itself, for the provider that needs it. */
  reveal(): SecretValue {
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
