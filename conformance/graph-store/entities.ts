import assert from "node:assert/strict";
import { assertProvider, healthStatusSchema, parseShape, type GraphStore } from "astrocyte";
import { checkSpiVersion, methodsMatch } from "../declared.js";
import type { Chapter } from "../suite.js";
import { bankId, coOccurs, entityIds, person } from "./fixtures.js";
import { optionalGraphStoreMethods, withoutMethods, type GraphStoreTarget } from "./target.js";

export const entities: Chapter<GraphStore, GraphStoreTarget> = {
  title: "entities",
  statements: [
    {
      id: "GS-declared",
      text: "the SPI version is 1, health answers, and the optional methods are those stated",
      check: async (store, target) => {
        assertProvider(store, "GraphStore", "the store");
        checkSpiVersion(store, "GraphStore");
        methodsMatch(store, optionalGraphStoreMethods, target.lacks ?? []);
        parseShape(healthStatusSchema, await store.health(), "health");
      },
    },
    {
      id: "GS-1",
      text: "entities are upserted by id, and their ids come back in input order",
      check: async (store) => {
        assert.deepEqual(await store.storeEntities([], { bankId }), []);
        const full = person("e2", "Alice", {
          aliases: ["Al"],
          metadata: { k: "v", none: null },
          mentionCount: 3,
        });
        const ids = await store.storeEntities([full, person("e1", "Bob")], { bankId });
        assert.deepEqual(ids, ["e2", "e1"]);
        const [stored] = await store.queryEntities("alice", { bankId });
        assert.deepEqual(
          [stored?.id, stored?.name, stored?.entityType, stored?.aliases, stored?.mentionCount],
          ["e2", "Alice", "PERSON", ["Al"], 3],
        );
        assert.deepEqual({ ...stored?.metadata }, { k: "v", none: null });
        await store.storeEntities([person("e2", "Carol")], { bankId });
        assert.deepEqual(await entityIds(store, "alice"), []);
        assert.deepEqual(await entityIds(store, "carol"), ["e2"]);
        assert.deepEqual(await entityIds(store, ""), ["e1", "e2"]);
      },
    },
    {
      id: "GS-2",
      text: "a query finds parts of names and aliases in any case, within the bank and the limit",
      check: async (store) => {
        await store.storeEntities(
          [
            person("e1", "Alice Smith"),
            person("e2", "Robert", { aliases: ["Bob", "Bobby Alison"] }),
            person("e3", "Zoë"),
            person("e4", "100%"),
          ],
          { bankId },
        );
        await store.storeEntities([person("e5", "Alice")], { bankId: "other" });
        assert.deepEqual(await entityIds(store, "ALI"), ["e1", "e2"]);
        assert.deepEqual(await entityIds(store, "bobby"), ["e2"]);
        assert.deepEqual(await entityIds(store, "smith"), ["e1"]);
        assert.deepEqual(await entityIds(store, "zoë"), ["e3"]);
        assert.deepEqual(await entityIds(store, "%"), ["e4"]);
        assert.deepEqual(await entityIds(store, "_"), []);
        assert.deepEqual(await entityIds(store, "nobody"), []);
        assert.deepEqual(await entityIds(store, "ali", "unknown"), []);
        assert.equal((await store.queryEntities("", { bankId, limit: 2 })).length, 2);
        assert.deepEqual(await store.queryEntities("ali", { bankId, limit: 0 }), []);
      },
    },
    {
      id: "GS-candidates",
      text: "an entity of the same name is among the candidates for it, within the limit",
      check: async (store) => {
        await store.storeEntities([person("e1", "Alice Smith"), person("e2", "Bob")], { bankId });
        const found = await store.findEntityCandidates("alice smith", { bankId });
        assert.equal(found[0]?.id, "e1");
        const none = await store.findEntityCandidates("zeppelin", { bankId });
        assert.deepEqual(none, []);
        assert.deepEqual(await store.findEntityCandidates("bob", { bankId, limit: 0 }), []);
        assert.deepEqual(await store.findEntityCandidates("bob", { bankId: "unknown" }), []);
      },
    },
    {
      id: "GS-6",
      text: "scored candidates come best first, with similarities in [0, 1] and none too unlike",
      unless: withoutMethods("findEntityCandidatesScored"),
      check: async (store) => {
        await store.storeEntities(
          [
            person("far", "Ruth"),
            person("near", "Alicia"),
            person("exact", "Alice"),
            person("meant", "Wonderland girl", { embedding: [0, 1], mentionCount: 4 }),
          ],
          { bankId },
        );
        await store.storeLinks([coOccurs("exact", "far")], { bankId });
        const find = (nameEmbedding?: number[]) =>
          store.findEntityCandidatesScored?.("alice", { bankId, nameEmbedding }) ?? [];
        const byName = await find();
        assert.deepEqual(
          byName.map(({ entity }) => entity.id),
          ["exact", "near"],
        );
        assert.ok(byName.every(({ embeddingSimilarity }) => embeddingSimilarity === undefined));
        assert.deepEqual(byName[0]?.coOccurringNames, ["ruth"]);
        const byBoth = await find([0, 1]);
        const ids = byBoth.map(({ entity }) => entity.id);
        assert.ok(ids.includes("meant") && !ids.includes("far"), `found ${ids.join(", ")}`);
        const scores = byBoth.map(({ nameSimilarity, embeddingSimilarity = 0 }) =>
          Math.max(nameSimilarity, embeddingSimilarity),
        );
        assert.deepEqual(
          scores,
          scores.toSorted((a, b) => b - a),
        );
        for (const { entity, nameSimilarity, embeddingSimilarity } of byBoth) {
          for (const value of [nameSimilarity, embeddingSimilarity ?? 0]) {
            assert.ok(value >= 0 && value <= 1, `${value} must lie in [0, 1]`);
          }
          assert.equal(embeddingSimilarity !== undefined, entity.id === "meant");
        }
        const strict = await store.findEntityCandidatesScored?.("alice", {
          bankId,
          trigramThreshold: 0.95,
        });
        assert.deepEqual(
          strict?.map(({ entity }) => entity.id),
          ["exact"],
        );
        const one = await store.findEntityCandidatesScored?.("alice", { bankId, limit: 1 });
        assert.equal(one?.length, 1);
      },
    },
  ],
};
