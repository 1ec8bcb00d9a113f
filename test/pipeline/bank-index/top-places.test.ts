import * as fc from "fast-check";
import { expect, it } from "vitest";
import { topPlaces } from "../../../src/pipeline/bank-index/top-places.js";

it("gives what sorting all of them and cutting gives", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 })),
      fc.integer({ min: 0, max: 20 }),
      (scores, limit) => {
        const places = Int32Array.from(scores.keys());
        const compare = (left: number, right: number) =>
          (scores[right] ?? 0) - (scores[left] ?? 0) || left - right;
        expect(topPlaces(places, limit, (left, right) => compare(left, right) < 0)).toEqual(
          [...scores.keys()].toSorted(compare).slice(0, limit),
        );
      },
    ),
    { numRuns: 500 },
  );
});
