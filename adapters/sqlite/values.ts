import { createHash } from "node:crypto";
import { InvalidArgumentError } from "astrocyte";

/**
 * Text as SQLite gives it back unharmed: the driver cuts a text at NUL when it reads it, and UTF-8 has no lone surrogates.
 * Both become U+FFFD.
 */
export function storable(text: string): string {
  return text.replaceAll("\0", "\uFFFD").replaceAll(/\p{Surrogate}/gu, "\uFFFD");
}

export function storableOrNull(text: string | undefined): string | null {
  return text === undefined ? null : storable(text);
}

/**
 * Checks an id. Ids are never altered, since two of them could then become one.
 *
 * @throws InvalidArgumentError when it holds NUL or a lone surrogate.
 */
export function storableId(id: string, name: string): string {
  if (storable(id) === id) return id;
  throw new InvalidArgumentError(`${name}: an id holds no NUL character and no lone surrogate`);
}

/** SHA-256 hex of the UTF-8 text: the key of the embedding cache. */
export function textHash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/**
 * A vector as libSQL's 32-bit floats, or `null` for no embedding.
 *
 * @throws InvalidArgumentError when an element is not finite in 32 bits.
 */
export function toBlob(vector: readonly number[], name: string): ArrayBuffer | null {
  if (vector.length === 0) return null;
  const floats = new Float32Array(vector);
  const wrong = floats.findIndex((element) => !Number.isFinite(element));
  if (wrong >= 0) {
    throw new InvalidArgumentError(`${name}[${wrong}]: expected a finite 32-bit number`);
  }
  return floats.buffer;
}

export function fromBlob(blob: ArrayBuffer | null): number[] {
  return blob === null ? [] : Array.from(new Float32Array(blob));
}

/**
 * A `limit` or `offset` as SQLite takes it.
 *
 * @throws InvalidArgumentError for NaN.
 */
export function toCount(value: number, name: string): number {
  if (Number.isNaN(value)) throw new InvalidArgumentError(`${name}: expected a number, got NaN`);
  return Math.trunc(Math.min(Math.max(value, 0), 2 ** 31));
}
