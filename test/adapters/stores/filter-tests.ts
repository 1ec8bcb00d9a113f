import {
  matchesFilters,
  toTimestamp,
  type Metadata,
  type VectorFilters,
  type VectorItem,
} from "astrocyte";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { item, type StoreWorkspace } from "./open-store.js";

const key = fc.constantFrom(
  "session_id",
  "a",
  "A",
  'quo"te',
  "$.a",
  "a.b",
  "[0]",
  "",
  "nul\0",
  "é",
  "constructor",
);
const value = fc.oneof(
  fc.constantFrom<(string | number | boolean | null)[]>(
    "1",
    1,
    true,
    "true",
    0,
    false,
    null,
    "null",
    "",
    "s1",
    "é",
    "e\u0301",
    -0,
    1.5,
    1e21,
    0.1,
    2 ** 53,
    2 ** 63,
    1e308,
    5e-324,
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ maxLength: 2, unit: "binary" }),
);
const metadata = fc
  .uniqueArray(fc.tuple(key, value), { maxLength: 3, selector: ([name]) => name })
  .map((entries): Metadata => Object.fromEntries(entries));
const tag = fc.constantFrom("x", "X", "y", "é", 'q"', "1", "", "[]", "n\0");
const tags = fc.array(tag, { maxLength: 3 });
const factType = fc.constantFrom("world", "World", "experience");
const instant = fc
  .integer({ min: 0, max: 6 })
  .map((step) => toTimestamp(1_700_000_000_000 + step * 250));
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });

const memories = fc.array(
  fc.record({
    metadata: maybe(metadata),
    tags: maybe(tags),
    factType: maybe(factType),
    occurredAt: maybe(instant),
    retainedAt: maybe(instant),
  }),
  { minLength: 1, maxLength: 8 },
);
const filters: fc.Arbitrary<VectorFilters> = fc.record({
  bankId: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(undefined, "bank") },
    { weight: 1, arbitrary: fc.constant("other") },
  ),
  tags: maybe(tags),
  factTypes: maybe(fc.array(factType, { maxLength: 2 })),
  timeRange: maybe(fc.tuple(instant, instant)),
  metadataFilters: maybe(metadata),
  asOf: maybe(instant),
  sessionId: maybe(fc.constantFrom("s1", "1", "true", "")),
});

export function filterTests(workspace: StoreWorkspace): void {
  describe("filters in SQL", () => {
    it("select exactly what matchesFilters selects, before the limit", async () => {
      const { open } = await workspace();
      const store = await open();
      await fc.assert(
        fc.asyncProperty(memories, filters, fc.nat(), async (parts, random, pick) => {
          await store.clearBank({ bankId: "bank" });
          const items = parts.map((part, index): VectorItem => item(`m${index}`, part));
          // Half of the metadata filters are taken from an item, since random ones seldom match.
          const chosen = items[pick % items.length]?.metadata;
          const narrowed: VectorFilters =
            pick % 2 === 0 && chosen !== undefined
              ? { ...random, metadataFilters: chosen }
              : random;
          await store.storeVectors(items);
          const expected = items.filter((one) => matchesFilters(one, narrowed)).map(({ id }) => id);
          const options = { bankId: "bank", filters: narrowed };
          const similar = await store.searchSimilar([1, 0, 0], options);
          expect(similar.map(({ id }) => id)).toEqual(expected);
          const recent = await store.listRecentVectors(options);
          expect(recent.map(({ id }) => id).toSorted()).toEqual(expected);
          const found = await store.searchFulltext("text", options);
          expect(found.map(({ documentId }) => documentId).toSorted()).toEqual(expected);
          expect(await store.searchSimilar([1, 0, 0], { ...options, limit: 1 })).toHaveLength(
            Math.min(1, expected.length),
          );
        }),
        { numRuns: 300 },
      );
    });

    it("tell true from 1 and null from absent", async () => {
      const { open } = await workspace();
      const store = await open();
      const values = [true, 1, "1", "true", null];
      await store.storeVectors([
        ...values.map((one, index) => item(`m${index}`, { metadata: { k: one } })),
        item("absent", { metadata: {} }),
        item("bare"),
      ]);
      for (const [index, one] of values.entries()) {
        const hits = await store.searchSimilar([1, 0, 0], {
          bankId: "bank",
          filters: { metadataFilters: { k: one } },
        });
        expect(hits.map(({ id }) => id)).toEqual([`m${index}`]);
      }
    });

    it("accept any form of a date", async () => {
      const { open } = await workspace();
      const store = await open();
      await store.storeVectors([item("a", { occurredAt: "2024-01-01T12:00:00Z" })]);
      const hits = await store.searchSimilar([1, 0, 0], {
        bankId: "bank",
        filters: { timeRange: ["2024-01-01T13:00:00+01:00", "2024-01-01T12:00:00.000"] },
      });
      expect(hits).toMatchObject([{ occurredAt: "2024-01-01T12:00:00+00:00" }]);
    });
  });
}
