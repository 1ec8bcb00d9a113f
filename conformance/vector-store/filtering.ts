import assert from "node:assert/strict";
import type { VectorFilters, VectorItem, VectorStore } from "astrocyte";
import type { Chapter, Statement } from "../suite.js";
import { bankId, foundIds, memory, search, tilted } from "./fixtures.js";
import { capabilitiesOf, withoutFilter, withoutMethod, type VectorStoreTarget } from "./target.js";

type Case = readonly [filters: VectorFilters, expectedIds: readonly string[]];

/** A statement that these memories under these filters are exactly those found. */
function filters(
  id: string,
  text: string,
  unless: (target: VectorStoreTarget) => string | false,
  memories: Readonly<Record<string, Partial<VectorItem>>>,
  cases: readonly Case[],
): Statement<VectorStore, VectorStoreTarget> {
  return {
    id,
    text,
    unless,
    check: async (store, target) => {
      await store.storeVectors(
        Object.entries(memories).map(([name, fields]) => memory(target, name, fields)),
      );
      for (const [wanted, expected] of cases) {
        assert.deepEqual(
          await foundIds(store, target, wanted),
          expected.toSorted(),
          `under ${JSON.stringify(wanted)}`,
        );
      }
    },
  };
}

const day = (n: number, clock = "00:00:00") =>
  `2024-01-${String(n).padStart(2, "0")}T${clock}+00:00`;

export const filtering: Chapter<VectorStore, VectorStoreTarget> = {
  title: "filtering",
  statements: [
    filters(
      "VS-15",
      "tags match on any in common, by case, and never an untagged memory",
      withoutFilter("tags"),
      {
        both: { tags: ["x", "y"] },
        x: { tags: ["x"] },
        X: { tags: ["X"] },
        none: {},
        empty: { tags: [] },
      },
      [
        [{ tags: ["x"] }, ["both", "x"]],
        [{ tags: ["y", "unknown"] }, ["both"]],
        [{ tags: ["X"] }, ["X"]],
        [{ tags: ["unknown"] }, []],
        [{ tags: [] }, ["both", "x", "X", "none", "empty"]],
      ],
    ),
    filters(
      "VS-16",
      "factTypes match one of the list, and never an untyped memory",
      withoutFilter("factTypes"),
      { world: { factType: "world" }, own: { factType: "own word" }, none: {} },
      [
        [{ factTypes: ["world"] }, ["world"]],
        [{ factTypes: ["world", "own word"] }, ["world", "own"]],
        [{ factTypes: ["World"] }, []],
        [{ factTypes: [] }, ["world", "own", "none"]],
      ],
    ),
    filters(
      "VS-17",
      "timeRange includes both ends, and never an undated memory",
      withoutFilter("timeRange"),
      {
        before: { occurredAt: "2023-12-31T23:59:59.999000+00:00" },
        first: { occurredAt: day(1) },
        within: { occurredAt: day(1, "12:00:00") },
        last: { occurredAt: day(2) },
        after: { occurredAt: day(2, "00:00:00.001000") },
        undated: { retainedAt: day(1) },
      },
      [
        [{ timeRange: [day(1), day(2)] }, ["first", "within", "last"]],
        [{ timeRange: [day(1), day(1)] }, ["first"]],
        [{ timeRange: [day(5), day(4)] }, []],
      ],
    ),
    filters(
      "VS-18",
      "asOf includes the equal instant and a memory without retainedAt, and nothing later",
      withoutFilter("asOf"),
      {
        earlier: { retainedAt: day(1) },
        equal: { retainedAt: day(2) },
        later: { retainedAt: day(2, "00:00:00.001000") },
        undated: { occurredAt: day(9) },
      },
      [
        [{ asOf: day(2) }, ["earlier", "equal", "undated"]],
        [{ asOf: "2020-01-01T00:00:00+00:00" }, ["undated"]],
      ],
    ),
    filters(
      "VS-19",
      "sessionId equals the session_id of the metadata, and never a memory without one",
      withoutFilter("sessionId"),
      {
        one: { metadata: { session_id: "s1" } },
        two: { metadata: { session_id: "s2" } },
        other: { metadata: { session: "s1" } },
        none: {},
      },
      [
        [{ sessionId: "s1" }, ["one"]],
        [{ sessionId: "unknown" }, []],
      ],
    ),
    filters(
      "VS-metadata",
      "metadataFilters need every listed key with an equal value of the same type",
      withoutFilter("metadataFilters"),
      {
        text: { metadata: { k: "1", other: "x" } },
        number: { metadata: { k: 1, other: "x" } },
        truth: { metadata: { k: true } },
        nothing: { metadata: { k: null } },
        none: {},
      },
      [
        [{ metadataFilters: { k: "1" } }, ["text"]],
        [{ metadataFilters: { k: 1 } }, ["number"]],
        [{ metadataFilters: { k: true } }, ["truth"]],
        [{ metadataFilters: { k: null } }, ["nothing"]],
        [{ metadataFilters: { k: 1, other: "x" } }, ["number"]],
        [{ metadataFilters: { k: 1, other: "y" } }, []],
        [{ metadataFilters: {} }, ["text", "number", "truth", "nothing", "none"]],
      ],
    ),
    {
      id: "VS-20",
      text: "filters combine with AND and apply before limit",
      unless: (target) =>
        capabilitiesOf(target).honouredFilters.length === 0 && "the store honours no filter",
      check: async (store, target) => {
        const { honouredFilters } = capabilitiesOf(target);
        const complete = {
          tags: ["x"],
          factType: "world",
          occurredAt: day(2),
          retainedAt: day(2),
          metadata: { session_id: "s1", k: "v" },
        };
        const all: VectorFilters = {
          tags: ["x"],
          factTypes: ["world"],
          timeRange: [day(1), day(3)],
          asOf: day(3),
          sessionId: "s1",
          metadataFilters: { k: "v" },
        };
        const wrongIn: Record<string, Partial<VectorItem>> = {
          tags: { tags: ["y"] },
          factTypes: { factType: "experience" },
          timeRange: { occurredAt: day(9) },
          asOf: { retainedAt: day(9) },
          sessionId: { metadata: { session_id: "s2", k: "v" } },
          metadataFilters: { metadata: { session_id: "s1", k: "w" } },
        };
        const wanted: VectorFilters = Object.fromEntries(
          Object.entries(all).filter(([name]) => honouredFilters.some((known) => known === name)),
        );
        // Thirty nearer memories, each wrong in one way only, stand before the one that fits.
        const near = Array.from({ length: 5 }, (_, round) =>
          honouredFilters.map((name) =>
            memory(target, `near-${name}-${round}`, { ...complete, ...wrongIn[name] }),
          ),
        ).flat();
        const fits = memory(target, "fits", { ...complete, vector: tilted(target, 9) });
        await store.storeVectors([...near, fits]);
        const hits = await search(store, target, { limit: 1, filters: wanted });
        assert.deepEqual(
          hits.map(({ id }) => id),
          ["fits"],
        );
      },
    },
    {
      id: "VS-27",
      text: "listRecentVectors gives the newest first, filtered before limit",
      unless: withoutMethod("listRecentVectors"),
      check: async (store, target) => {
        await store.storeVectors([
          memory(target, "retained", { retainedAt: day(3), tags: ["x"] }),
          memory(target, "occurred", { occurredAt: day(4), retainedAt: day(1), tags: ["x"] }),
          memory(target, "old", { occurredAt: day(1), retainedAt: day(9), tags: ["y"] }),
          memory(target, "second", { occurredAt: day(2), tags: ["x"] }),
          memory(target, "foreign", { occurredAt: day(9), bankId: "other" }),
        ]);
        const recent = async (options: { limit?: number; filters?: VectorFilters } = {}) =>
          (await store.listRecentVectors?.({ bankId, ...options }))?.map(({ id }) => id);
        assert.deepEqual(await recent(), ["occurred", "retained", "second", "old"]);
        assert.deepEqual(await recent({ limit: 2 }), ["occurred", "retained"]);
        assert.deepEqual(await recent({ limit: 0 }), []);
        assert.deepEqual(await recent({ limit: 1, filters: { tags: ["y"] } }), ["old"]);
      },
    },
  ],
};
