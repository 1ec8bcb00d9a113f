import { RecallCache, recallScope } from "astrocyte/pipeline";
import { recallRequestSchema } from "astrocyte";
import { FakeClock } from "astrocyte/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

const key = (bankId: string, scope = "") => ({ bankId, scope });
const request = (fields: object = {}) =>
  recallRequestSchema.parse({ query: "q", bankId: "b", ...fields });

describe("RecallCache", () => {
  it("answers a similar query of the same scope, until the time is up", () => {
    const clock = new FakeClock();
    const cache = new RecallCache<number>({ clock, timeToLiveMs: 10_000 });
    cache.put(key("b", "s"), [1, 0], 7);
    expect(cache.get(key("b", "s"), [1, 0.1])).toBe(7);
    expect(cache.get(key("b", "s"), [0, 1])).toBeUndefined();
    expect(cache.get(key("b", "other"), [1, 0])).toBeUndefined();
    expect(cache.get(key("c", "s"), [1, 0])).toBeUndefined();
    clock.advance(9_999);
    expect(cache.get(key("b", "s"), [1, 0])).toBe(7);
    clock.advance(1);
    expect(cache.get(key("b", "s"), [1, 0])).toBeUndefined();
    expect(cache.size()).toBe(0);
  });

  it("is not moved by a jump of the wall clock", () => {
    const clock = new FakeClock();
    const cache = new RecallCache<number>({ clock });
    cache.put(key("b"), [1, 0], 7);
    clock.set("2050-01-01T00:00:00Z");
    expect(cache.get(key("b"), [1, 0])).toBe(7);
  });

  it("replaces the result of the same question", () => {
    const cache = new RecallCache<number>({ clock: new FakeClock() });
    cache.put(key("b"), [1, 0], 1);
    cache.put(key("b"), [1, 0], 2);
    expect(cache.get(key("b"), [1, 0])).toBe(2);
    expect(cache.size()).toBe(1);
  });

  it("takes no notice of vectors of another model, nor of vectors without direction", () => {
    const cache = new RecallCache<number>({ clock: new FakeClock() });
    cache.put(key("b"), [1, 0], 1);
    cache.put(key("b"), [0, 0], 2);
    expect(cache.get(key("b"), [1, 0, 0])).toBeUndefined();
    expect(cache.get(key("b"), [0, 0])).toBeUndefined();
  });

  it("drops what was used least recently", () => {
    const cache = new RecallCache<number>({ clock: new FakeClock(), maxEntries: 2 });
    cache.put(key("b"), [1, 0, 0], 1);
    cache.put(key("b"), [0, 1, 0], 2);
    cache.get(key("b"), [1, 0, 0]);
    cache.put(key("b"), [0, 0, 1], 3);
    expect(cache.get(key("b"), [0, 1, 0])).toBeUndefined();
    expect(cache.get(key("b"), [1, 0, 0])).toBe(1);
  });

  it("holds its caps, for a bank and for all", () => {
    const cache = new RecallCache<number>({ clock: new FakeClock(), maxEntries: 3 });
    for (let index = 0; index < 200; index += 1) {
      cache.put(key(`bank ${index % 40}`, String(index)), [1, index], index);
      expect(cache.size(`bank ${index % 40}`)).toBeLessThanOrEqual(3);
    }
    expect(cache.size()).toBe(12);
    for (let index = 0; index < 50; index += 1) cache.put(key("b", String(index)), [1, 0], index);
    expect(cache.size("b")).toBe(3);
  });

  it("forgets a bank, or all", () => {
    const cache = new RecallCache<number>({ clock: new FakeClock() });
    for (const bankId of ["a", "b", "c"]) cache.put(key(bankId), [1, 0], 1);
    cache.invalidate("a");
    expect([cache.size("a"), cache.size()]).toEqual([0, 2]);
    cache.clear();
    expect(cache.size()).toBe(0);
  });

  it.each([
    { similarityThreshold: 0 },
    { similarityThreshold: Number.NaN },
    { maxEntries: -1 },
    { timeToLiveMs: 0 },
  ])("refuses %j", (options) => {
    expect(() => new RecallCache({ clock: new FakeClock(), ...options })).toThrow(
      expect.objectContaining({ code: "ASTROCYTE_CONFIG" }),
    );
  });
});

describe("PIPE-27: recallScope", () => {
  const filters = [
    { tags: ["public"] },
    { tags: ["hr"] },
    { factTypes: ["world"] },
    { asOf: "2000-01-01" },
    { timeRange: ["2000-01-01", "2001-01-01"] },
    { sessionId: "s" },
    { maxResults: 11 },
    { maxTokens: 5 },
    { includeSources: true },
    { layerWeights: { fact: 2 } },
    { detailLevel: "titles" },
    { queryReferenceDate: "2000-01-01" },
    { dispositions: { skepticism: 5 } },
  ];

  it("differs for every filter and every principal", () => {
    const scopes = [
      recallScope(request()),
      recallScope(request(), "user:ann"),
      ...filters.map((fields) => recallScope(request(fields))),
    ];
    expect(new Set(scopes).size).toBe(filters.length + 2);
  });

  it("knows every field of a request, so that a new one cannot be forgotten", () => {
    const tested = new Set(filters.flatMap((fields) => Object.keys(fields)));
    const apart = ["query", "bankId", "externalContext"];
    expect(
      Object.keys(recallRequestSchema.shape)
        .filter((name) => !apart.includes(name))
        .toSorted(),
    ).toEqual([...tested].toSorted());
  });

  it("does not depend on the order of tags or fields", () => {
    const one = request({ tags: ["a", "b"], sessionId: "s" });
    const other = request({ sessionId: "s", tags: ["b", "a", "a"] });
    expect(recallScope(one)).toBe(recallScope(other));
  });

  it("has no two requests with different tags in one scope", () => {
    const tags = fc.uniqueArray(fc.string({ unit: "binary" }), { maxLength: 3 });
    fc.assert(
      fc.property(tags, tags, fc.string(), fc.string(), (one, other, ann, bob) => {
        const isSame =
          ann === bob && JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted());
        expect(
          recallScope(request({ tags: one }), ann) === recallScope(request({ tags: other }), bob),
        ).toBe(isSame);
      }),
    );
  });

  it("is absent with context from elsewhere", () => {
    expect(recallScope(request({ externalContext: [{ text: "t", score: 1 }] }))).toBeUndefined();
  });
});
