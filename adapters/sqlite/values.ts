import { InvalidArgumentError } from "astrocyte";

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
