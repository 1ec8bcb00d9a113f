import assert from "node:assert/strict";
import type { MentalModelStore } from "astrocyte";
import type { Chapter } from "../suite.js";
import { append, bankId, draft } from "./fixtures.js";
import type { MentalModelStoreTarget } from "./target.js";

export const updates: Chapter<MentalModelStore, MentalModelStoreTarget> = {
  title: "updates",
  statements: [
    {
      id: "MM-5",
      text: "operations apply in order, those that do not fit are skipped with a reason, and the prior revision stays",
      check: async (store) => {
        await store.upsertModel(draft("m"), { bankId });
        const operations = [
          { op: "add_section", heading: "B", new_id: "b" },
          append("b", "in b"),
          { op: "remove_section", section_id: "unknown" },
          { op: "remove_block", section_id: "b", index: 5 },
        ];
        const update = await store.updateModel("m", operations, { bankId });
        assert.equal(update?.revision, 2);
        assert.equal(update.summary.changed, true);
        assert.deepEqual(
          update.summary.applied.map(({ op }) => op),
          ["add_section", "append_block"],
        );
        assert.equal(update.summary.skipped.length, 2);
        for (const { reason } of update.summary.skipped) assert.equal(typeof reason, "string");
        const [before] = await store.listRevisions("m", { bankId });
        assert.equal(before?.content, draft("m").content);
        assert.equal(before.structuredDoc, undefined);
      },
    },
    {
      id: "MM-6",
      text: "a malformed operation is skipped with a reason, and voids no other",
      check: async (store) => {
        await store.upsertModel(draft("m"), { bankId });
        const operations = [{ op: "explode" }, null, append("a", "kept"), { op: "remove_section" }];
        const update = await store.updateModel("m", operations, { bankId });
        assert.equal(update?.summary.applied.length, 1);
        assert.equal(update.summary.skipped.length, 3);
        for (const { reason } of update.summary.skipped) assert.equal(typeof reason, "string");
        assert.match((await store.getModel("m", { bankId }))?.content ?? "", /kept/);
      },
    },
    {
      id: "MM-unchanged",
      text: "when no operation applies there is no new revision, and an unknown model has no update",
      check: async (store) => {
        await store.upsertModel(draft("m"), { bankId });
        const update = await store.updateModel("m", [{ op: "explode" }], { bankId });
        assert.equal(update?.revision, 1);
        assert.equal(update.summary.changed, false);
        assert.deepEqual(await store.listRevisions("m", { bankId }), []);
        assert.equal((await store.getModel("m", { bankId }))?.content, draft("m").content);
        const unknown = await store.updateModel("unknown", [append("a", "x")], { bankId });
        assert.equal(unknown ?? undefined, undefined);
      },
    },
    {
      id: "MM-7",
      text: "the content is rendered from the changed document, which the next update goes on from",
      check: async (store) => {
        await store.upsertModel(draft("m"), { bankId });
        await store.updateModel("m", [append("a", "one")], { bankId });
        await store.updateModel(
          "m",
          [{ op: "rename_section", section_id: "a", new_heading: "Z" }, append("a", "two")],
          { bankId },
        );
        const model = await store.getModel("m", { bankId });
        assert.equal(model?.content, "## Overview\n\nintro\n\n## Z\n\n- x\n\none\n\ntwo\n");
        assert.deepEqual(
          model.structuredDoc?.sections.map(({ id, heading }) => [id, heading]),
          [
            ["overview", "Overview"],
            ["a", "Z"],
          ],
        );
      },
    },
    {
      id: "MM-8",
      text: "a refresh adds sources, each once and in order, as a new revision",
      check: async (store) => {
        await store.upsertModel(draft("m", { sourceIds: ["b", "a"] }), { bankId });
        const model = await store.refreshModel("m", ["c", "a", "c", "d"], { bankId });
        assert.deepEqual(model?.sourceIds, ["b", "a", "c", "d"]);
        assert.equal(model.revision, 2);
        assert.deepEqual((await store.getModel("m", { bankId }))?.sourceIds, model.sourceIds);
        const unknown = await store.refreshModel("unknown", ["a"], { bankId });
        assert.equal(unknown ?? undefined, undefined);
      },
    },
    {
      id: "MM-together",
      text: "of updates at the same time none is lost",
      check: async (store) => {
        await store.upsertModel(draft("m"), { bankId });
        const words = ["one", "two", "three", "four"];
        await Promise.all([
          ...words.map((word) => store.updateModel("m", [append("a", word)], { bankId })),
          store.refreshModel("m", ["s"], { bankId }),
        ]);
        const model = await store.getModel("m", { bankId });
        assert.equal(model?.revision, 6);
        for (const word of words) assert.match(model.content, new RegExp(`\\b${word}\\b`));
        assert.deepEqual(model.sourceIds, ["s"]);
      },
    },
  ],
};
