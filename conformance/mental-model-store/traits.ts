import assert from "node:assert/strict";
import type { MentalModelStore } from "astrocyte";
import { hostileNames, similarBankIds, unicodeTexts, unlawfulBankIds } from "../hostile-text.js";
import { isRefused, rejectsWithCode, rejectsWithReason } from "../rejections.js";
import type { Chapter } from "../suite.js";
import { append, bankId, draft } from "./fixtures.js";
import type { MentalModelStoreTarget } from "./target.js";

export const traits: Chapter<MentalModelStore, MentalModelStoreTarget> = {
  title: "traits",
  statements: [
    {
      id: "MM-isolation",
      text: "no call crosses banks, however alike their ids",
      check: async (store) => {
        const banks: string[] = [];
        for (const bank of [...similarBankIds, ...unlawfulBankIds]) {
          const stored = () => store.upsertModel(draft("m", { content: bank }), { bankId: bank });
          const refused = await isRefused(stored);
          if (!refused) banks.push(bank);
          assert.ok(!refused || unlawfulBankIds.includes(bank), `${bank} must be taken`);
        }
        const assertOwn = async (bank: string) => {
          assert.equal((await store.getModel("m", { bankId: bank }))?.content, bank);
          const listed = await store.listModels({ bankId: bank });
          assert.deepEqual(
            listed.map((model) => [model.content, model.bankId]),
            [[bank, bank]],
          );
        };
        for (const bank of banks) await assertOwn(bank);
        const [first = "", second = "", third = "", fourth = "", ...others] = banks;
        await store.deleteModel("m", { bankId: first });
        await store.clearModels({ bankId: second });
        await store.updateModel("m", [append("overview", "changed")], { bankId: third });
        await store.refreshModel("m", ["s"], { bankId: fourth });
        for (const bank of others) {
          await assertOwn(bank);
          assert.deepEqual(await store.listRevisions("m", { bankId: bank }), []);
        }
      },
    },
    {
      id: "MM-hostile-ids",
      text: "ids are taken literally",
      check: async (store) => {
        const ids = hostileNames.map((name) => `x${name}`);
        for (const id of ids) await store.upsertModel(draft(id, { content: id }), { bankId });
        for (const id of ids) assert.equal((await store.getModel(id, { bankId }))?.content, id);
        assert.equal((await store.listModels({ bankId })).length, ids.length);
        for (const [n, id] of ids.entries()) {
          assert.equal(await store.deleteModel(id, { bankId }), true, JSON.stringify(id));
          assert.equal((await store.listModels({ bankId })).length, ids.length - n - 1);
        }
      },
    },
    {
      id: "MM-unicode",
      text: "texts come back code unit by code unit",
      check: async (store) => {
        for (const [n, text] of unicodeTexts.entries()) {
          const fields = { title: text, content: text, sourceIds: [text] };
          await store.upsertModel(draft(`m${n}`, fields), { bankId });
          const model = await store.getModel(`m${n}`, { bankId });
          assert.deepEqual([model?.title, model?.content, model?.sourceIds], [text, text, [text]]);
        }
      },
    },
    {
      id: "MM-copies",
      text: "changing what went in or came out changes nothing in the store",
      check: async (store) => {
        const sourceIds = ["a"];
        await store.upsertModel(draft("m", { sourceIds }), { bankId });
        sourceIds.push("b");
        const read = await store.getModel("m", { bankId });
        const [listed] = await store.listModels({ bankId });
        for (const model of [read, listed]) {
          assert.deepEqual(model?.sourceIds, ["a"]);
          model.sourceIds.push("c");
        }
        assert.deepEqual((await store.getModel("m", { bankId }))?.sourceIds, ["a"]);
      },
    },
    {
      id: "MM-abort",
      text: "an aborted signal rejects every call with its reason, and nothing is changed",
      check: async (store) => {
        await store.upsertModel(draft("m"), { bankId });
        const calls: Record<string, (signal: AbortSignal) => Promise<unknown>> = {
          upsertModel: (signal) => store.upsertModel(draft("n"), { bankId, signal }),
          getModel: (signal) => store.getModel("m", { bankId, signal }),
          listModels: (signal) => store.listModels({ bankId, signal }),
          listRevisions: (signal) => store.listRevisions("m", { bankId, signal }),
          deleteModel: (signal) => store.deleteModel("m", { bankId, signal }),
          updateModel: (signal) => store.updateModel("m", [append("a", "x")], { bankId, signal }),
          refreshModel: (signal) => store.refreshModel("m", ["s"], { bankId, signal }),
          clearModels: (signal) => store.clearModels({ bankId, signal }),
        };
        for (const [name, call] of Object.entries(calls)) await rejectsWithReason(name, call);
        const models = await store.listModels({ bankId });
        assert.deepEqual(
          models.map(({ modelId, revision }) => [modelId, revision]),
          [["m", 1]],
        );
      },
    },
    {
      id: "MM-close",
      text: "after close every call is refused as closed, and closing again is harmless",
      check: async (store) => {
        if (store.close === undefined) return;
        await store.close();
        await rejectsWithCode(() => store.getModel("m", { bankId }), "ASTROCYTE_CLOSED");
        await rejectsWithCode(() => store.upsertModel(draft("m"), { bankId }), "ASTROCYTE_CLOSED");
        await store.close();
      },
    },
  ],
};
