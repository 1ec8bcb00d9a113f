import { ConfigError } from "../errors.js";

const bankIdForm = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,254}$/;

/**
 * Checks a bank id: 1 to 255 characters, an ASCII letter or digit first, then letters, digits, `.`, `_`, `:`, `@`, `-`.
 *
 * @throws {@link ConfigError} when it is not one.
 */
export function assertBankId(bankId: unknown): asserts bankId is string {
  if (typeof bankId === "string" && bankIdForm.test(bankId)) return;
  throw new ConfigError(
    typeof bankId === "string"
      ? `Invalid bank id ${JSON.stringify(bankId.slice(0, 60))}: use 1 to 255 letters, digits, ".", "_", ":", "@" or "-", ` +
          "beginning with a letter or digit"
      : `A bank id must be a string, got ${bankId === null ? "null" : typeof bankId}`,
  );
}
