import assert from "node:assert/strict";
import {
  assertProvider,
  healthStatusSchema,
  mentalModelSchema,
  parseShape,
  type MentalModelStore,
} from "astrocyte";
import { checkSpiVersion } from "../declared.js";
import type { Chapter } from "../suite.js";
import { bankId, draft, storedPart } from "./fixtures.js";
import type { MentalModelStoreTarget } from "./target.js";

export const revisions: Chapter<MentalModelStore, MentalModelStoreTarget> = {
  title: "models and their revisions",
  statements: [
    {
      id: "MM-declared",
      text: "the SPI version is 1, and health answers",
      check: async (store) => {
        assertProvider(store, "MentalModelStore", "the store");
        checkSpiVersion(store, "MentalModelStore");
        parseShape(healthStatusSchema, await store.health(), "health");
      },
    },
    {
      id: "MM-1",
      text: "the first revision is 1, each later one is one more, and the replaced ones are kept, oldest first",
      check: async (store) => {
        const contents = ["one", "two", "three"];
        for (const [index, content] of contents.entries()) {
          const revision = await store.upsertModel(draft("m", { content }), { bankId });
          assert.equal(revision, index + 1);
        }
        const model = await store.getModel("m", { bankId });
        parseShape(mentalModelSchema, model, "the stored model");
        assert.deepEqual([model?.content, model?.revision], ["three", 3]);
        const before = await store.listRevisions("m", { bankId });
        assert.deepEqual(
          before.map(({ content, revision }) => [content, revision]),
          [
            ["one", 1],
            ["two", 2],
          ],
        );
        assert.deepEqual(await store.listRevisions("unknown", { bankId }), []);
      },
    },
    {
      id: "MM-fields",
      text: "a model comes back as it was stored, and the same id again replaces everything",
      check: async (store) => {
        const full = {
          modelId: "m",
          title: "größer",
          content: "## A\n\nx\n",
          scope: "person:alice",
          kind: "preference",
          sourceIds: ["s2", "s1"],
          sourceTimestamps: ["2024-01-01T00:00:00+00:00", "2023-01-01T00:00:00+00:00"],
          structuredDoc: {
            version: 1 as const,
            sections: [
              {
                id: "a",
                heading: "A",
                level: 2,
                blocks: [{ type: "paragraph" as const, text: "x" }],
              },
            ],
          },
        };
        await store.upsertModel(full, { bankId });
        const first = storedPart(await store.getModel("m", { bankId }));
        assert.deepEqual(first, { ...full, bankId, revision: 1 });
        await store.upsertModel({ modelId: "m", title: "t", content: "c" }, { bankId });
        assert.deepEqual(storedPart(await store.getModel("m", { bankId })), {
          modelId: "m",
          bankId,
          title: "t",
          content: "c",
          scope: "bank",
          kind: "general",
          sourceIds: [],
          revision: 2,
        });
      },
    },
    {
      id: "MM-2",
      text: "after a delete there is no model and no revision of it, a second delete is false, and counting begins anew",
      check: async (store) => {
        await store.upsertModel(draft("m"), { bankId });
        await store.upsertModel(draft("m"), { bankId });
        await store.upsertModel(draft("other"), { bankId });
        assert.equal(await store.deleteModel("m", { bankId }), true);
        assert.equal((await store.getModel("m", { bankId })) ?? undefined, undefined);
        assert.deepEqual(await store.listRevisions("m", { bankId }), []);
        assert.equal(await store.deleteModel("m", { bankId }), false);
        assert.equal(await store.upsertModel(draft("m"), { bankId }), 1);
        assert.notEqual(await store.getModel("other", { bankId }), undefined);
      },
    },
    {
      id: "MM-3",
      text: "scope and kind are compared exactly, both must fit, and each model is listed once, by id",
      check: async (store) => {
        const given: [id: string, scope: string, kind: string][] = [
          ["d", "bank", "general"],
          ["a", "bank", "directive"],
          ["c", "person:alice", "general"],
          ["b", "person:alice2", "general"],
        ];
        for (const [modelId, scope, kind] of given) {
          await store.upsertModel(draft(modelId, { scope, kind }), { bankId });
          await store.upsertModel(draft(modelId, { scope, kind }), { bankId });
        }
        const ids = async (filters: { scope?: string; kind?: string }) =>
          (await store.listModels({ bankId, ...filters })).map(({ modelId }) => modelId);
        assert.deepEqual(await ids({}), ["a", "b", "c", "d"]);
        assert.deepEqual(await ids({ scope: "bank" }), ["a", "d"]);
        assert.deepEqual(await ids({ scope: "person:alice" }), ["c"]);
        assert.deepEqual(await ids({ scope: "BANK" }), []);
        assert.deepEqual(await ids({ scope: "person:%" }), []);
        assert.deepEqual(await ids({ kind: "general", scope: "bank" }), ["d"]);
      },
    },
    {
      id: "MM-scope-moves",
      text: "a list goes by the newest revision only",
      check: async (store) => {
        await store.upsertModel(draft("m", { scope: "old" }), { bankId });
        await store.upsertModel(draft("m", { scope: "new" }), { bankId });
        assert.deepEqual(await store.listModels({ bankId, scope: "old" }), []);
        const [model] = await store.listModels({ bankId, scope: "new" });
        assert.equal(model?.revision, 2);
      },
    },
    {
      id: "MM-4",
      text: "source timestamps that do not match the sources in number are dropped",
      check: async (store) => {
        const sourceTimestamps = ["2024-01-01T00:00:00+00:00"];
        await store.upsertModel(draft("m", { sourceIds: ["a", "b"], sourceTimestamps }), {
          bankId,
        });
        const dropped = await store.getModel("m", { bankId });
        assert.equal(dropped?.sourceTimestamps, undefined);
        await store.upsertModel(draft("m", { sourceIds: ["a"], sourceTimestamps }), { bankId });
        const kept = await store.getModel("m", { bankId });
        assert.deepEqual(kept?.sourceTimestamps, sourceTimestamps);
      },
    },
    {
      id: "MM-clear",
      text: "clearing a bank removes its models with their revisions, counts the models, and leaves other banks alone",
      check: async (store) => {
        for (const id of ["a", "b", "b"]) await store.upsertModel(draft(id), { bankId });
        await store.upsertModel(draft("a"), { bankId: "other" });
        assert.equal(await store.clearModels({ bankId }), 2);
        assert.deepEqual(await store.listModels({ bankId }), []);
        assert.deepEqual(await store.listRevisions("b", { bankId }), []);
        assert.equal((await store.listModels({ bankId: "other" })).length, 1);
        assert.equal(await store.clearModels({ bankId }), 0);
      },
    },
  ],
};
