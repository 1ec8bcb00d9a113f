import { ConfigError } from "../errors.js";

/** @throws ConfigError that names the setting, when the value is not a whole number of at least `least`. */
export function assertWholeNumber(setting: string, value: number, least = 0): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new ConfigError(`${setting}: expected a whole number of at least ${least}, got ${value}`);
  }
}
