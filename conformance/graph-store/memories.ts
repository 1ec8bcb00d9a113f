import assert from "node:assert/strict";
import { isProvider, type GraphStore } from "astrocyte";
import type { Chapter } from "../suite.js";
import {
  bankId,
  coOccurs,
  entityIds,
  memoryLink,
  mention,
  neighbourIds,
  person,
} from "./fixtures.js";
import { withoutMethods, type GraphStoreTarget } from "./target.js";

export const memories: Chapter<GraphStore, GraphStoreTarget> = {
  title: "memories",
  statements: [
    {
      id: "GS-3",
      text: "neighbours are the memories that mention any of the entities, once each, best first",
      check: async (store) => {
        await store.storeEntities(
          ["e1", "e2", "e3"].map((id) => person(id, `Name ${id}`)),
          { bankId },
        );
        await mention(store, { m1: ["e1", "e2"], m2: ["e1"], m3: ["e3"] });
        await mention(store, { m1: ["e1"] });
        await mention(store, { foreign: ["e1"] }, "other");
        const hits = await store.queryNeighbors(["e2", "e1"], { bankId, maxDepth: 1 });
        assert.deepEqual(hits.map(({ memoryId }) => memoryId).toSorted(), ["m1", "m2"]);
        const both = hits.find(({ memoryId }) => memoryId === "m1");
        assert.deepEqual(both?.connectedEntities.toSorted(), ["e1", "e2"]);
        let previous = Number.POSITIVE_INFINITY;
        for (const { score, connectedEntities } of hits) {
          assert.ok(Number.isFinite(score) && score <= previous, "scores must not rise");
          previous = score;
          assert.ok(connectedEntities.length > 0);
        }
        assert.equal((await neighbourIds(store, ["e1"], { limit: 1 })).length, 1);
        assert.deepEqual(await neighbourIds(store, ["e1"], { limit: 0 }), []);
      },
    },
    {
      id: "GS-4",
      text: "maxDepth bounds how many links are walked, and every hit has a depth of at least 1",
      unless: ({ walksLinks = true }) => !walksLinks && "the store does not walk links",
      check: async (store) => {
        const ids = ["e1", "e2", "e3", "e4"];
        await store.storeEntities(
          ids.map((id) => person(id, `Name ${id}`)),
          { bankId },
        );
        const [first, ...others] = [
          coOccurs("e1", "e2"),
          coOccurs("e3", "e2"),
          coOccurs("e3", "e4"),
        ];
        if (first) assert.equal(typeof (await store.storeEntityLink(first, { bankId })), "string");
        assert.equal((await store.storeLinks(others, { bankId })).length, 2);
        await mention(store, { m1: ["e1"], m2: ["e2"], m3: ["e3"], m4: ["e4"] });
        assert.deepEqual(await neighbourIds(store, ["e1"], { maxDepth: 1 }), ["m1"]);
        assert.deepEqual(await neighbourIds(store, ["e1"], { maxDepth: 2 }), ["m1", "m2"]);
        assert.deepEqual(await neighbourIds(store, ["e1"]), ["m1", "m2"]);
        assert.deepEqual(await neighbourIds(store, ["e1"], { maxDepth: 3 }), ["m1", "m2", "m3"]);
        const hits = await store.queryNeighbors(["e1"], { bankId, maxDepth: 3 });
        assert.deepEqual(
          hits.map(({ memoryId, depth }) => [memoryId, depth]),
          [
            ["m1", 1],
            ["m2", 2],
            ["m3", 3],
          ],
        );
      },
    },
    {
      id: "GS-5",
      text: "unknown and no entities have no neighbours",
      check: async (store) => {
        await store.storeEntities([person("e1", "Alice")], { bankId });
        await mention(store, { m1: ["e1"] });
        assert.deepEqual(await neighbourIds(store, ["unknown"]), []);
        assert.deepEqual(await neighbourIds(store, []), []);
        assert.deepEqual(await neighbourIds(store, ["e1"], { bankId: "unknown" }), []);
      },
    },
    {
      id: "GS-7",
      text: "memory links are found from both ends, by type and up to the limit",
      unless: withoutMethods("storeMemoryLinks", "findMemoryLinks"),
      check: async (store) => {
        const links = [
          memoryLink("m1", "m2", "caused_by"),
          memoryLink("m3", "m1"),
          memoryLink("m4", "m5"),
        ];
        assert.equal((await store.storeMemoryLinks?.(links, { bankId }))?.length, 3);
        await store.storeMemoryLinks?.([memoryLink("m1", "m9")], { bankId: "other" });
        const find = async (
          seeds: string[],
          options: { linkTypes?: string[]; limit?: number } = {},
        ) =>
          (await store.findMemoryLinks?.(seeds, { bankId, ...options }))
            ?.map(({ sourceMemoryId, targetMemoryId }) => `${sourceMemoryId}>${targetMemoryId}`)
            .toSorted();
        assert.deepEqual(await find(["m1"]), ["m1>m2", "m3>m1"]);
        assert.deepEqual(await find(["m2", "m1"]), ["m1>m2", "m3>m1"]);
        assert.deepEqual(await find(["m1"], { linkTypes: ["caused_by"] }), ["m1>m2"]);
        assert.equal((await find(["m1", "m4"], { limit: 2 }))?.length, 2);
        assert.deepEqual(await find([]), []);
        assert.deepEqual(await find(["unknown"]), []);
        await store.storeMemoryLinks?.([memoryLink("m4", "m5")], { bankId });
        assert.deepEqual(await find(["m4"]), ["m4>m5"]);
      },
    },
    {
      id: "GS-8",
      text: "a hit's text is the memory's own or empty, never something else",
      check: async (store) => {
        await store.storeEntities([person("e1", "Alice")], { bankId });
        await mention(store, { m1: ["e1"] });
        const allowed = [""];
        if (isProvider(store, "VectorStore")) {
          const text = "Alice likes tea";
          await store.storeVectors([{ id: "m1", bankId, vector: [1, 0, 0, 0], text }]);
          allowed.push(text);
        }
        const [hit] = await store.queryNeighbors(["e1"], { bankId });
        assert.ok(allowed.includes(hit?.text ?? "absent"), `got ${JSON.stringify(hit?.text)}`);
      },
    },
    {
      id: "GS-entityIds",
      text: "getEntityIdsForMemories gives the entities of each known memory",
      unless: withoutMethods("getEntityIdsForMemories"),
      check: async (store) => {
        await store.storeEntities([person("e1", "Alice"), person("e2", "Bob")], { bankId });
        await mention(store, { m1: ["e1", "e2"], m2: ["e2"], m3: ["e1"] });
        await mention(store, { m1: ["e9"] }, "other");
        const found = await store.getEntityIdsForMemories?.(["m1", "m2", "unknown"], { bankId });
        assert.deepEqual(Object.keys(found ?? {}).toSorted(), ["m1", "m2"]);
        assert.deepEqual(found?.["m1"]?.toSorted(), ["e1", "e2"]);
        assert.deepEqual(found["m2"], ["e2"]);
      },
    },
    {
      id: "GS-forget",
      text: "removeMemories takes associations, links and entities that nothing mentions any more",
      unless: withoutMethods("removeMemories"),
      check: async (store) => {
        await store.storeEntities([person("e1", "Alice"), person("e2", "Bob")], { bankId });
        await store.storeLinks([coOccurs("e1", "e2")], { bankId });
        await mention(store, { m1: ["e1", "e2"], m2: ["e2"] });
        await store.storeMemoryLinks?.([memoryLink("m1", "m2"), memoryLink("m2", "m3")], {
          bankId,
        });
        assert.equal(await store.removeMemories?.([], { bankId }), 0);
        assert.equal(await store.removeMemories?.(["m1", "unknown"], { bankId }), 2);
        assert.deepEqual(await neighbourIds(store, ["e1", "e2"]), ["m2"]);
        assert.deepEqual(await entityIds(store, ""), ["e2"], "nothing mentions Alice any more");
        const links = await store.findMemoryLinks?.(["m1", "m2"], { bankId });
        assert.deepEqual(
          (links ?? [memoryLink("m2", "m3")]).map(({ targetMemoryId }) => targetMemoryId),
          ["m3"],
        );
        assert.equal(await store.removeMemories?.(["m1"], { bankId }), 0);
      },
    },
    {
      id: "GS-clearBank",
      text: "clearBank empties one bank and returns the number of its entities",
      unless: withoutMethods("clearBank"),
      check: async (store) => {
        for (const bank of [bankId, "other"]) {
          await store.storeEntities([person("e1", "Alice"), person("e2", "Bob")], { bankId: bank });
          await mention(store, { m1: ["e1"] }, bank);
          await store.storeMemoryLinks?.([memoryLink("m1", "m2")], { bankId: bank });
        }
        assert.equal(await store.clearBank?.({ bankId }), 2);
        assert.deepEqual(await entityIds(store, ""), []);
        assert.deepEqual(await neighbourIds(store, ["e1"]), []);
        assert.deepEqual((await store.findMemoryLinks?.(["m1"], { bankId })) ?? [], []);
        assert.deepEqual(await entityIds(store, "", "other"), ["e1", "e2"]);
        assert.deepEqual(await neighbourIds(store, ["e1"], { bankId: "other" }), ["m1"]);
        assert.equal(await store.clearBank?.({ bankId }), 0);
      },
    },
  ],
};
