import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDotKernel } from "../../../src/pipeline/bank-index/dot-kernel.js";
import { VectorMatrix } from "../../../src/pipeline/bank-index/vector-matrix.js";
import { cosine } from "../../../src/internal/vector-math.js";

function vectors(count: number, dimension: number, seed: number): number[][] {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return Array.from({ length: count }, () => Array.from({ length: dimension }, next));
}

function filled(rows: readonly (readonly number[])[], useKernel: boolean): VectorMatrix {
  const matrix = new VectorMatrix({ useKernel });
  for (const [at, row] of rows.entries()) matrix.set(at, row);
  return matrix;
}

describe("the matrix of a bank's vectors", () => {
  it("gives the cosines, by the kernel and by the plain loop, whatever the length and however it grew", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        fc.constantFrom(1, 300, 900, 2_000),
        fc.integer({ min: 1, max: 1e6 }),
        (dimension, count, seed) => {
          const rows = vectors(count, dimension, seed);
          const [query = []] = vectors(1, dimension, seed + 1);
          for (const useKernel of [true, false]) {
            const matrix = filled(rows, useKernel);
            expect(matrix.usesKernel).toBe(useKernel && count > 500);
            const products = matrix.similarities(query, count) ?? new Float32Array(0);
            expect(products).toHaveLength(count);
            const worst = rows.reduce(
              (most, row, at) => Math.max(most, Math.abs(cosine(query, row) - (products[at] ?? 9))),
              0,
            );
            expect(worst).toBeLessThan(2e-6);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it("takes a vector of another length, none, or one without a direction for zeros, after a query as before", () => {
    const matrix = filled(vectors(600, 16, 3), true);
    const [query = []] = vectors(1, 16, 4);
    matrix.similarities(query, 600);
    const none = [[], [1, 2], Array(16).fill(0), [Number.NaN, ...Array(15).fill(1)]];
    // Far behind the others, where the kernel kept its query and its products.
    for (const [at, vector] of none.entries()) matrix.set(600 + at * 400, vector);
    const products = matrix.similarities(query, 2_000);
    for (const at of none.keys()) expect(products?.[600 + at * 400]).toBe(0);
    expect(products?.slice(600).every((product) => product === 0)).toBe(true);
  });

  it("makes room once for the rows that are expected, and more for those that are not", () => {
    const rows = vectors(700, 8, 5);
    const matrix = new VectorMatrix();
    matrix.expect(600);
    for (const [at, row] of rows.entries()) matrix.set(at, row);
    expect(matrix.usesKernel).toBe(true);
    const [first = [], last = []] = [rows[0], rows[699]];
    expect(matrix.similarities(first, 700)?.[0]).toBeCloseTo(1, 6);
    expect(matrix.similarities(last, 700)?.[699]).toBeCloseTo(1, 6);
  });

  it("replaces a row", () => {
    const matrix = filled(
      [
        [1, 0],
        [0, 1],
      ],
      true,
    );
    matrix.set(0, [0, 2]);
    expect([...(matrix.similarities([0, 5], 2) ?? [])]).toEqual([1, 1]);
    expect([...matrix.row(0)]).toEqual([0, 1]);
  });

  it("compares nothing without vectors, with another length, or without a direction", () => {
    expect(new VectorMatrix().similarities([1], 3)).toBeUndefined();
    const matrix = filled([[1, 2]], true);
    expect(matrix.similarities([1], 1)).toBeUndefined();
    expect(matrix.similarities([0, 0], 1)).toBeUndefined();
  });
});

describe("the kernel", () => {
  it("is left out where there is no room for its memory", () => {
    expect(createDotKernel(2 ** 40)).toBeUndefined();
    expect(createDotKernel(100)?.memory.buffer.byteLength).toBe(65_536);
  });

  it("writes nothing for no rows", () => {
    const kernel = createDotKernel(1_000);
    const floats = new Float32Array(kernel?.memory.buffer ?? new ArrayBuffer(0));
    floats.fill(3);
    kernel?.dot(0, 64, 128, 0, 64);
    expect(floats.every((value) => value === 3)).toBe(true);
  });
});
