import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, DimensionMismatchError } from "../../src/errors.js";
import { DedupDetector } from "../../src/policy/dedup-detector.js";

describe("DedupDetector", () => {
  it("finds the first memory at the threshold, not the most similar one", () => {
    const detector = new DedupDetector({ similarityThreshold: 0.5 });
    detector.add("b", "m1", [3, 4]);
    detector.add("b", "m2", [1, 0]);
    expect(detector.find("b", [1, 0])).toEqual({
      duplicate: true,
      similarity: 0.6,
      memoryId: "m1",
    });
  });

  it("reports the highest similarity, 0 at least, when there is no duplicate", () => {
    const detector = new DedupDetector();
    detector.add("b", "m1", [3, 4]);
    detector.add("b", "m2", [4, 3]);
    detector.add("c", "m3", [-1, 0]);
    expect(detector.find("b", [1, 0])).toEqual({ duplicate: false, similarity: 0.8 });
    expect(detector.find("c", [1, 0])).toEqual({ duplicate: false, similarity: 0 });
    expect(detector.find("nobody", [1, 0])).toEqual({ duplicate: false, similarity: 0 });
  });

  it("takes a threshold of the call, 0 included", () => {
    const detector = new DedupDetector();
    detector.add("b", "m1", [0, 0]);
    expect(detector.find("b", [0, 0]).duplicate).toBe(false);
    expect(detector.find("b", [0, 0], 0).duplicate).toBe(true);
  });

  it("forgets every copy of an id, and a bank", () => {
    const detector = new DedupDetector();
    detector.add("b", "m1", [1, 0]);
    detector.add("b", "m1", [0, 1]);
    detector.add("b", "m2", [0, 1]);
    expect(detector.remove("b", "m1")).toBe(true);
    expect(detector.remove("b", "m1")).toBe(false);
    expect(detector.entries("b")).toEqual(["m2"]);
    detector.clear("b");
    expect(detector.entries("b")).toEqual([]);
    expect(detector.remove("nobody", "m1")).toBe(false);
    expect(detector.size).toBe(0);
  });

  it("keeps a copy of what it is given", () => {
    const detector = new DedupDetector();
    const vector = [1, 0];
    detector.add("b", "m1", vector);
    vector[0] = -1;
    expect(detector.find("b", [1, 0]).duplicate).toBe(true);
  });

  it("refuses to compare vectors of different models", () => {
    const detector = new DedupDetector();
    detector.add("b", "m1", [1, 0]);
    detector.add("b", "m2", [1, 0, 0]);
    expect(detector.find("b", [1, 0]).duplicate).toBe(true);
    expect(() => detector.find("b", [0, 1])).toThrow(DimensionMismatchError);
  });

  it("keeps the newest memories of a bank, none at a cap of 0", () => {
    const some = new DedupDetector({ maxEntriesPerBank: 2 });
    const none = new DedupDetector({ maxEntriesPerBank: 0 });
    for (const id of ["m1", "m2", "m3"]) {
      some.add("b", id, [1, 0]);
      none.add("b", id, [1, 0]);
    }
    expect(some.entries("b")).toEqual(["m2", "m3"]);
    expect(none.entries("b")).toEqual([]);
    expect(none.find("b", [1, 0]).duplicate).toBe(false);
  });

  it("drops the bank that was touched longest ago; looking touches", () => {
    const detector = new DedupDetector({ maxBanks: 2 });
    detector.add("a", "m1", [1, 0]);
    detector.add("b", "m2", [1, 0]);
    detector.find("a", [0, 1]);
    detector.add("c", "m3", [1, 0]);
    expect(["a", "b", "c"].map((bank) => detector.entries(bank).length)).toEqual([1, 0, 1]);
  });

  it("never holds more than its caps, however it is used", () => {
    const step = fc.record({
      action: fc.constantFrom("add" as const, "add" as const, "find" as const, "remove" as const),
      bank: fc.nat(9),
      id: fc.nat(5),
    });
    fc.assert(
      fc.property(
        fc.nat(3),
        fc.nat(3),
        fc.array(step, { size: "max", maxLength: 100 }),
        (maxEntriesPerBank, maxBanks, steps) => {
          const detector = new DedupDetector({ maxEntriesPerBank, maxBanks });
          for (const { action, bank, id } of steps) {
            if (action === "find") detector.find(`b${bank}`, [1, 0]);
            else if (action === "remove") detector.remove(`b${bank}`, `m${id}`);
            else detector.add(`b${bank}`, `m${id}`, [id, 1]);
            expect(detector.size).toBeLessThanOrEqual(maxBanks);
            expect(detector.entries(`b${bank}`).length).toBeLessThanOrEqual(maxEntriesPerBank);
          }
        },
      ),
    );
  });

  it.each([-1, 1.5, Number.NaN])("refuses a cap of %s", (cap) => {
    expect(() => new DedupDetector({ maxEntriesPerBank: cap })).toThrow(ConfigError);
    expect(() => new DedupDetector({ maxBanks: cap })).toThrow(ConfigError);
  });
});

it("finds the same duplicate without comparing the whole of every vector", () => {
  const component = fc.oneof(
    fc.constantFrom(0, 1, -1, 0.5),
    fc.double({ min: -2, max: 2, noNaN: true }),
  );
  const vector = fc.array(component, { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.array(vector, { maxLength: 8 }),
      vector,
      fc.constantFrom(-1, 0, 0.5, 0.95, 1),
      (known, asked, threshold) => {
        const detector = new DedupDetector();
        for (const [at, one] of [...known, asked.map((value) => value * 3)].entries()) {
          detector.add("b", `m${at}`, one);
        }
        const finding = detector.find("b", asked, threshold);
        expect(detector.findDuplicate("b", asked, threshold)).toBe(
          finding.duplicate ? finding.memoryId : undefined,
        );
      },
    ),
    { numRuns: 500 },
  );
});
