import assert from "node:assert/strict";
import type { GraphStore } from "astrocyte";
import { hostileNames, similarBankIds, unicodeTexts, unlawfulBankIds } from "../hostile-text.js";
import { isRefused, rejectsWithCode, rejectsWithReason } from "../rejections.js";
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

export const traits: Chapter<GraphStore, GraphStoreTarget> = {
  title: "traits",
  statements: [
    {
      id: "GS-isolation",
      text: "entities, links and memories never cross banks, however alike their ids",
      check: async (store) => {
        const banks: string[] = [];
        for (const bank of [...similarBankIds, ...unlawfulBankIds]) {
          const refused = await isRefused(async () => {
            await store.storeEntities([person("e", `of ${bank}`)], { bankId: bank });
            await mention(store, { [`memory of ${bank}`]: ["e"] }, bank);
            await store.storeMemoryLinks?.([memoryLink("m", bank)], { bankId: bank });
          });
          assert.ok(!refused || unlawfulBankIds.includes(bank), `${bank} must be taken`);
          if (!refused) banks.push(bank);
        }
        const assertOwn = async (bank: string) => {
          const names = (await store.queryEntities("of", { bankId: bank })).map(({ name }) => name);
          assert.deepEqual(names, [`of ${bank}`]);
          const found = await neighbourIds(store, ["e"], { bankId: bank });
          assert.deepEqual(found, [`memory of ${bank}`]);
          const links = (await store.findMemoryLinks?.(["m"], { bankId: bank })) ?? [
            memoryLink("m", bank),
          ];
          assert.deepEqual(
            links.map(({ targetMemoryId }) => targetMemoryId),
            [bank],
          );
        };
        for (const bank of banks) await assertOwn(bank);
        const [first = "", second = "", ...others] = banks;
        await store.removeMemories?.([`memory of ${first}`, `memory of ${second}`], {
          bankId: first,
        });
        await assertOwn(second);
        await store.clearBank?.({ bankId: second });
        for (const bank of others) await assertOwn(bank);
      },
    },
    {
      id: "GS-hostile-ids",
      text: "ids of entities and memories are taken literally",
      check: async (store) => {
        await store.storeEntities(
          hostileNames.map((id) => person(id, `name of ${id}`)),
          { bankId },
        );
        assert.deepEqual(await entityIds(store, "name of"), hostileNames.toSorted());
        await store.linkMemoriesToEntities(
          hostileNames.map((id) => ({ memoryId: id, entityId: id })),
          { bankId },
        );
        for (const id of hostileNames) {
          assert.deepEqual(await neighbourIds(store, [id]), [id]);
          const found = await store.getEntityIdsForMemories?.([id], { bankId });
          if (found) assert.deepEqual(Object.entries(found), [[id, [id]]]);
        }
      },
    },
    {
      id: "GS-abort",
      text: "an aborted signal rejects every call with its reason, and nothing is changed",
      check: async (store) => {
        await store.storeEntities([person("e1", "Alice")], { bankId });
        await mention(store, { m1: ["e1"] });
        const calls: Record<string, (signal: AbortSignal) => Promise<unknown> | undefined> = {
          storeEntities: (signal) => store.storeEntities([person("e2", "B")], { bankId, signal }),
          storeLinks: (signal) => store.storeLinks([coOccurs("e1", "e2")], { bankId, signal }),
          storeEntityLink: (signal) =>
            store.storeEntityLink(coOccurs("e1", "e2"), { bankId, signal }),
          linkMemoriesToEntities: (signal) =>
            store.linkMemoriesToEntities([{ memoryId: "m2", entityId: "e1" }], { bankId, signal }),
          queryNeighbors: (signal) => store.queryNeighbors(["e1"], { bankId, signal }),
          queryEntities: (signal) => store.queryEntities("a", { bankId, signal }),
          findEntityCandidates: (signal) => store.findEntityCandidates("a", { bankId, signal }),
          findEntityCandidatesScored: (signal) =>
            store.findEntityCandidatesScored?.("a", { bankId, signal }),
          storeMemoryLinks: (signal) =>
            store.storeMemoryLinks?.([memoryLink("m1", "m2")], { bankId, signal }),
          findMemoryLinks: (signal) => store.findMemoryLinks?.(["m1"], { bankId, signal }),
          getEntityIdsForMemories: (signal) =>
            store.getEntityIdsForMemories?.(["m1"], { bankId, signal }),
          removeMemories: (signal) => store.removeMemories?.(["m1"], { bankId, signal }),
          clearBank: (signal) => store.clearBank?.({ bankId, signal }),
        };
        for (const [name, call] of Object.entries(calls)) await rejectsWithReason(name, call);
        assert.deepEqual(await entityIds(store, ""), ["e1"]);
        assert.deepEqual(await neighbourIds(store, ["e1"]), ["m1"]);
      },
    },
    {
      id: "GS-copies",
      text: "changing what was passed in or came back changes nothing in the store",
      check: async (store) => {
        const entity = person("e1", "Alice", { aliases: ["Al"], metadata: { k: "v" } });
        await store.storeEntities([entity], { bankId });
        await mention(store, { m1: ["e1"] });
        const spoil = (value: typeof entity | undefined) => {
          assert.deepEqual(value?.aliases, ["Al"]);
          assert.deepEqual({ ...value.metadata }, { k: "v" });
          value.name = "changed";
          value.aliases?.push("y");
          Object.assign(value.metadata ?? {}, { k: "changed" });
        };
        spoil(entity);
        spoil((await store.queryEntities("alice", { bankId }))[0]);
        spoil((await store.findEntityCandidates("alice", { bankId }))[0]);
        const [hit] = await store.queryNeighbors(["e1"], { bankId });
        hit?.connectedEntities.push("e9");
        const [again] = await store.queryNeighbors(["e1"], { bankId });
        assert.deepEqual(again?.connectedEntities, ["e1"]);
        spoil((await store.queryEntities("alice", { bankId }))[0]);
      },
    },
    {
      id: "GS-unicode",
      text: "names come back code unit by code unit",
      check: async (store) => {
        await store.storeEntities(
          unicodeTexts.map((name, n) => person(`n${n}`, name)),
          { bankId },
        );
        const found = await store.queryEntities("", { bankId, limit: 100 });
        const names = new Map(found.map(({ id, name }) => [id, name]));
        for (const [n, name] of unicodeTexts.entries()) assert.equal(names.get(`n${n}`), name);
      },
    },
    {
      id: "GS-close",
      text: "after close every call is refused as closed, and closing again is harmless",
      unless: withoutMethods("close"),
      check: async (store) => {
        await store.close?.();
        await rejectsWithCode(() => entityIds(store, "a"), "ASTROCYTE_CLOSED");
        await rejectsWithCode(
          () => store.storeEntities([person("e1", "Alice")], { bankId }),
          "ASTROCYTE_CLOSED",
        );
        await store.close?.();
      },
    },
  ],
};
