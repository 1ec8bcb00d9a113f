import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "../../src/errors.js";
import { cosine, cosineSimilarity } from "../../src/internal/vector-math.js";

function norm(vector: readonly number[]): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

/** As it is written in books: squares overflow and vanish. */
function naiveCosine(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
  return norm(a) === 0 || norm(b) === 0 ? 0 : dot / (norm(a) * norm(b));
}

const component = fc.double({ min: -1e3, max: 1e3, noNaN: true });

/** Every vector is as similar to itself as can be, whatever its size. */
function findsItself(subject: typeof naiveCosine): void {
  fc.assert(
    fc.property(
      fc.array(component, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: -300, max: 300 }),
      (vector, exponent) => {
        const sized = vector.map((value) => value * 10 ** exponent);
        fc.pre(sized.some((value) => value !== 0) && sized.every(Number.isFinite));
        expect(subject(sized, sized)).toBeCloseTo(1, 12);
      },
    ),
  );
}

describe("cosine", () => {
  it.each([
    [[1, 2], [-1, -2], -1],
    [[1, 0], [0, 1], 0],
    [[1, 1], [0, 0], 0],
    [[], [], 0],
    [[1e-200, 1e-200], [1e-200, 1e-200], 1],
    [[5e-324], [1e308], 1],
  ])("of %j and %j is %d", (a, b, expected) => {
    expect(cosine(a, b)).toBeCloseTo(expected, 12);
  });

  it("is NaN when a component is not finite", () => {
    expect(cosine([Number.POSITIVE_INFINITY, 1], [1, 1])).toBeNaN();
    expect(cosine([Number.NaN], [1])).toBeNaN();
  });

  it("refuses vectors of different lengths", () => {
    expect(() => cosine([1, 2], [1, 2, 3])).toThrow(InvalidArgumentError);
    expect(() => cosine([1, 2], [1, 2, 3])).toThrow("Vector dimension mismatch: 2 != 3");
  });

  it("takes arrays of either kind", () => {
    expect(cosine(Float32Array.of(3, 4), [3, 4])).toBe(1);
    expect(cosine(Float64Array.of(3, 4), Float32Array.of(4, -3))).toBe(0);
  });

  it("agrees with the formula where that is exact", () => {
    const vectors = fc.integer({ min: 1, max: 16 }).chain((length) => {
      const vector = fc.array(component, { minLength: length, maxLength: length });
      return fc.tuple(vector, vector);
    });
    fc.assert(
      fc.property(vectors, ([a, b]) => {
        fc.pre([a, b].every((vector) => vector.some((value) => Math.abs(value) > 1e-3)));
        expect(cosine(a, b)).toBeCloseTo(naiveCosine(a, b), 9);
      }),
    );
  });

  it("finds a vector of any size the same as itself, where the formula does not", () => {
    findsItself(cosine);
    expect(() => findsItself(naiveCosine)).toThrow(/Property failed/);
  });
});

describe("cosineSimilarity", () => {
  it("is the cosine between 0 and 1", () => {
    expect(cosineSimilarity([1, 2], [-1, -2])).toBe(0);
    expect(cosineSimilarity([1, 2, 3], [1, 2, 3])).toBe(1);
    expect(cosineSimilarity([0, 0], [1, 0])).toBe(0);
  });
});
