import assert from "node:assert/strict";
import type { EngineProvider } from "astrocyte";
import { hostileNames, similarBankIds, unicodeTexts, unlawfulBankIds } from "../hostile-text.js";
import { isRefused, rejectsWithCode, rejectsWithReason } from "../rejections.js";
import type { Chapter } from "../suite.js";
import { bankId, listIds, recall, retain } from "./fixtures.js";
import { declaredOf, without, type EngineProviderTarget } from "./target.js";

export const traits: Chapter<EngineProvider, EngineProviderTarget> = {
  title: "traits",
  statements: [
    {
      id: "EP-7",
      text: "recalling and forgetting never cross banks, however alike their ids",
      check: async (engine, target) => {
        const banks: string[] = [];
        for (const bank of [...similarBankIds, ...unlawfulBankIds]) {
          const refused = await isRefused(() => retain(engine, `tea of ${bank}`, { bankId: bank }));
          assert.ok(!refused || unlawfulBankIds.includes(bank), `${bank} must be taken`);
          if (!refused) banks.push(bank);
        }
        const assertOwn = async (bank: string) => {
          for (const query of ["*", "tea"]) {
            const { hits } = await recall(engine, query, { bankId: bank });
            const found = hits.map((hit) => [hit.text, hit.bankId]);
            assert.deepEqual(found, [[`tea of ${bank}`, bank]]);
          }
        };
        for (const bank of banks) await assertOwn(bank);
        assert.deepEqual(await listIds(engine, { bankId: "unknown" }), []);
        if (!declaredOf(target).supportsForget) return;
        const [first = "", second = "", ...others] = banks;
        const [foreign = ""] = await listIds(engine, { bankId: second });
        await engine.forget?.({ bankId: first, memoryIds: [foreign] });
        await assertOwn(first);
        await engine.forget?.({ bankId: first, scope: "all" });
        for (const bank of [second, ...others]) await assertOwn(bank);
      },
    },
    {
      id: "EP-hostile-tags",
      text: "tags are taken literally",
      unless: without("supportsTags"),
      check: async (engine) => {
        const ids: string[] = [];
        for (const tag of hostileNames) ids.push(await retain(engine, "tea", { tags: [tag] }));
        for (const [n, tag] of hostileNames.entries()) {
          assert.deepEqual(await listIds(engine, { tags: [tag] }), [ids[n]], tag);
        }
      },
    },
    {
      id: "EP-abort",
      text: "an aborted signal rejects every call with its reason, and nothing is changed",
      check: async (engine, target) => {
        const memoryId = await retain(engine, "alice likes tea");
        await rejectsWithReason("retain", (signal) =>
          engine.retain({ content: "bob", bankId, contentType: "text" }, { signal }),
        );
        await rejectsWithReason("recall", (signal) =>
          engine.recall({ query: "*", bankId, maxResults: 1, includeSources: false }, { signal }),
        );
        const { supportsForget, supportsReflect } = declaredOf(target);
        if (supportsForget) {
          await rejectsWithReason("forget", (signal) =>
            engine.forget?.({ bankId, scope: "all" }, { signal }),
          );
        }
        if (supportsReflect) {
          await rejectsWithReason("reflect", (signal) =>
            engine.reflect?.({ query: "tea", bankId, includeSources: true }, { signal }),
          );
        }
        await rejectsWithReason("softDelete", (signal) =>
          engine.softDelete?.([memoryId], { bankId, signal }),
        );
        assert.deepEqual(await listIds(engine), [memoryId]);
      },
    },
    {
      id: "EP-copies",
      text: "changing what was passed in or came back changes nothing in the engine",
      check: async (engine, target) => {
        const tags = ["x"];
        const metadata = { k: "v" };
        await retain(engine, "alice likes tea", { tags, metadata });
        tags.push("y");
        metadata.k = "changed";
        const request = { query: "*", bankId, maxResults: 10, includeSources: false };
        const stated = declaredOf(target);
        for (const round of ["after storing", "after reading"]) {
          const [hit] = (await engine.recall(request)).hits;
          assert.equal(hit?.text, "alice likes tea", round);
          if (stated.supportsTags) assert.deepEqual(hit.tags, ["x"], round);
          if (stated.supportsMetadata) assert.equal(hit.metadata?.["k"], "v", round);
          hit.text = "changed";
          hit.tags?.push("y");
          Object.assign(hit.metadata ?? {}, { k: "changed" });
        }
      },
    },
    {
      id: "EP-unicode",
      text: "texts come back code unit by code unit",
      check: async (engine) => {
        for (const text of unicodeTexts) await retain(engine, text);
        const { hits } = await recall(engine, "*");
        const texts = hits.map(({ text }) => text);
        assert.deepEqual(texts.toSorted(), unicodeTexts.toSorted());
      },
    },
    {
      id: "EP-close",
      text: "after close every call is refused as closed, and closing again is harmless",
      unless: ({ lacks }) => lacks?.includes("close") && "the engine has no close",
      check: async (engine) => {
        await engine.close?.();
        await rejectsWithCode(() => recall(engine, "*"), "ASTROCYTE_CLOSED");
        await rejectsWithCode(() => retain(engine, "alice likes tea"), "ASTROCYTE_CLOSED");
        await engine.close?.();
      },
    },
  ],
};
