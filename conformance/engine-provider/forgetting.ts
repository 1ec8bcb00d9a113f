import assert from "node:assert/strict";
import { forgetResultSchema, parseShape, type EngineProvider, type ForgetRequest } from "astrocyte";
import type { Chapter } from "../suite.js";
import { bankId, listIds, recall, retain } from "./fixtures.js";
import { declaredOf, without, type EngineProviderTarget } from "./target.js";

async function forget(engine: EngineProvider, fields: Partial<ForgetRequest>): Promise<number> {
  const result = await engine.forget?.({ bankId, ...fields });
  return parseShape(forgetResultSchema, result, "forget result").deletedCount;
}

export const forgetting: Chapter<EngineProvider, EngineProviderTarget> = {
  title: "forgetting",
  statements: [
    {
      id: "EP-5",
      text: "forget by ids and of everything works, counts, and can be repeated",
      unless: without("supportsForget"),
      check: async (engine) => {
        const ids: string[] = [];
        for (const text of ["alice likes tea", "bob plays chess", "carol sings"]) {
          ids.push(await retain(engine, text));
        }
        const [first = "", ...others] = ids;
        assert.equal(await forget(engine, { memoryIds: [first, "unknown"] }), 1);
        assert.deepEqual(await listIds(engine), others.toSorted());
        assert.deepEqual((await recall(engine, "alice likes tea")).hits, []);
        assert.equal(await forget(engine, { memoryIds: [first] }), 0);
        await retain(engine, "elsewhere", { bankId: "other" });
        assert.equal(await forget(engine, { scope: "all" }), 2);
        assert.deepEqual(await listIds(engine), []);
        assert.equal(await forget(engine, { scope: "all" }), 0);
        assert.equal((await listIds(engine, { bankId: "other" })).length, 1);
      },
    },
    {
      id: "EP-8",
      text: "several selectors narrow each other, and a request without any deletes nothing",
      unless: (target) => without("supportsForget")(target) || without("supportsTags")(target),
      check: async (engine) => {
        const old = "2020-01-01T00:00:00+00:00";
        const recent = "2024-01-01T00:00:00+00:00";
        const oldX = await retain(engine, "one", { tags: ["x"], occurredAt: old });
        const newX = await retain(engine, "two", { tags: ["x"], occurredAt: recent });
        const oldY = await retain(engine, "three", { tags: ["y"], occurredAt: old });
        const undated = await retain(engine, "four", { tags: ["x"] });
        const untagged = await retain(engine, "five", { occurredAt: old });
        const all = [oldX, newX, oldY, undated, untagged];
        const beforeDate = "2022-01-01T00:00:00+00:00";
        assert.equal(await forget(engine, {}), 0);
        assert.equal(await forget(engine, { scope: "unknown" }), 0);
        assert.equal(await forget(engine, { tags: ["z"], beforeDate }), 0);
        assert.equal(await forget(engine, { memoryIds: [newX], beforeDate }), 0);
        assert.deepEqual(await listIds(engine), all.toSorted());
        assert.equal(await forget(engine, { tags: ["x"], beforeDate }), 1);
        assert.deepEqual(await listIds(engine), all.filter((id) => id !== oldX).toSorted());
        assert.equal(await forget(engine, { memoryIds: [newX, oldY], tags: ["y"] }), 1);
        assert.deepEqual(await listIds(engine), [newX, undated, untagged].toSorted());
        assert.equal(await forget(engine, { beforeDate }), 1);
        assert.deepEqual(await listIds(engine), [newX, undated].toSorted());
      },
    },
    {
      id: "EP-9",
      text: "softly deleted memories are invisible to recall",
      unless: ({ lacks }) => lacks?.includes("softDelete") && "the engine has no softDelete",
      check: async (engine, target) => {
        const hidden = await retain(engine, "alice likes tea");
        const kept = await retain(engine, "bob likes tea");
        assert.equal(await engine.softDelete?.([hidden, "unknown"], { bankId: "other" }), 0);
        assert.equal(await engine.softDelete?.([hidden, "unknown"], { bankId }), 1);
        assert.equal(await engine.softDelete?.([hidden], { bankId }), 0);
        assert.deepEqual(await listIds(engine), [kept]);
        const { hits } = await recall(engine, "alice likes tea");
        assert.ok(hits.every(({ memoryId }) => memoryId !== hidden));
        if (declaredOf(target).supportsForget) {
          await forget(engine, { scope: "all" });
          assert.deepEqual(await listIds(engine), []);
        }
      },
    },
  ],
};
