import { InvalidArgumentError } from "../errors.js";

/** The numbers of an embedding. */
export type Vector = readonly number[] | Float32Array | Float64Array;

interface Products {
  readonly dot: number;
  readonly leftSquares: number;
  readonly rightSquares: number;
}

/** One pass for all three sums, from left to right: the order of summation is part of the result. */
function products(left: Vector, right: Vector): Products {
  let dot = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  for (let index = 0; index < left.length; index += 1) {
    const one = left[index] ?? 0;
    const other = right[index] ?? 0;
    dot += one * other;
    leftSquares += one * one;
    rightSquares += other * other;
  }
  return { dot, leftSquares, rightSquares };
}

/**
 * Whether a sum of squares lost nothing to the ends of the number range, and the product of two such sums will not
 * either.
 */
function isExact(squares: number): boolean {
  return squares > 1e-140 && squares < 1e140;
}

/** Divided by the largest component, so that squares neither overflow nor vanish. */
function scaled(vector: Vector): Vector {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  return largest === 0 ? vector : Float64Array.from(vector, (value) => value / largest);
}

function cosineOf(left: Vector, right: Vector): number {
  let sums = products(left, right);
  if (!isExact(sums.leftSquares) || !isExact(sums.rightSquares)) {
    sums = products(scaled(left), scaled(right));
  }
  const { dot, leftSquares, rightSquares } = sums;
  if (leftSquares === 0 || rightSquares === 0) return 0;
  return dot / Math.sqrt(leftSquares * rightSquares);
}

/**
 * Cosine of the angle between two vectors, in `[-1, 1]` but for rounding; 0 when either is zero, NaN when a component is
 * not finite. Neither very large nor very small components overflow or vanish.
 *
 * @throws InvalidArgumentError when the lengths differ.
 */
export function cosine(left: Vector, right: Vector): number {
  if (left.length !== right.length) {
    throw new InvalidArgumentError(`Vector dimension mismatch: ${left.length} != ${right.length}`);
  }
  return cosineOf(left, right);
}

/** For store authors: cosine of two vectors of equal length, clamped to `[0, 1]`; 0 when either is zero. */
export function cosineSimilarity(a: Vector, b: Vector): number {
  return Math.min(1, Math.max(0, cosineOf(a, b)));
}
