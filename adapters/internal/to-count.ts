import { InvalidArgumentError } from "astrocyte";

/**
 * A `limit` or `offset` as a database takes it.
 *
 * @throws InvalidArgumentError for NaN.
 */
export function toCount(value: number, name: string): number {
  if (Number.isNaN(value)) throw new InvalidArgumentError(`${name}: expected a number, got NaN`);
  return Math.trunc(Math.min(Math.max(value, 0), 2 ** 31));
}
