import { ConfigError } from "../errors.js";

const bankIdForm = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,254}$/;

export function isBankId(value: unknown): value is string {
  return typeof value === "string" && bankIdForm.test(value);
}

/**
 * Checks a bank id: 1 to 255 characters, an ASCII letter or digit first, then letters, digits, `.`, `_`, `:`, `@`, `-`.
 *
 * @throws {@link ConfigError} when it is not one.
 */
export function assertBankId(bankId: unknown): asserts bankId is string {
  if (isBankId(bankId)) return;
  // Control characters would break the lines of a log.
  throw new ConfigError(
    typeof bankId === "string"
      ? `Invalid bank_id '${bankId.slice(0, 300).replace(/\p{Cc}/gu, " ")}': must be 1–255 characters, start with alphanumeric, and contain only [a-zA-Z0-9._:@-]`
      : `A bank id must be a string, got ${bankId === null ? "null" : typeof bankId}`,
  );
}
