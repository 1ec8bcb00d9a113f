import { InvalidArgumentError, type Metadata } from "astrocyte";
import { storable, storableId } from "../internal/storable.js";

/** Four ids share an index entry, which has room for some 2,700 bytes. */
const maxIdBytes = 600;

/**
 * Checks an id that is to be stored. Ids are never altered, since two of them could then become one.
 *
 * @throws InvalidArgumentError when it holds NUL or a lone surrogate, or is longer than an index takes.
 */
export function indexableId(id: string, name: string): string {
  if (Buffer.byteLength(storableId(id, name)) <= maxIdBytes) return id;
  throw new InvalidArgumentError(
    `${name}: a PostgreSQL store takes at most ${maxIdBytes} bytes of UTF-8 as an id`,
  );
}

/** The ids that a database can hold; the driver would turn another into one that may be somebody else's. */
export function storableIds(ids: readonly string[]): string[] {
  return ids.filter((id) => storable(id) === id);
}

/**
 * Texts as elements of a `text[]`, each as JSON: PostgreSQL takes neither NUL nor lone surrogates as they are, in `jsonb` no more
 * than in `text`.
 */
export function encodedTexts(texts: readonly string[]): string[] {
  return texts.map((text) => JSON.stringify(text));
}

/** Metadata as elements of a `text[]`. Two entries are one text exactly when key, type and value are equal. */
export function encodedEntries(metadata: Metadata): string[] {
  return Object.entries(metadata).map((entry) => JSON.stringify(entry));
}

/**
 * The elements of a vector as 32-bit floats, or `null` for no embedding.
 *
 * @throws InvalidArgumentError when an element is not finite in 32 bits.
 */
export function toFloats(vector: readonly number[], name: string): number[] | null {
  if (vector.length === 0) return null;
  const floats = vector.map(Math.fround);
  const wrong = floats.findIndex((element) => !Number.isFinite(element));
  if (wrong < 0) return floats;
  throw new InvalidArgumentError(`${name}[${wrong}]: expected a finite 32-bit number`);
}

/** A vector in pgvector's notation, or `null` for no embedding. */
export function toVectorText(vector: readonly number[], name: string): string | null {
  const floats = toFloats(vector, name);
  return floats === null ? null : `[${floats.join(",")}]`;
}
