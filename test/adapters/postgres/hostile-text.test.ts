import { InvalidArgumentError } from "astrocyte";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { item, startWithVectors, useServer } from "./support.js";

const workspace = useServer(startWithVectors);

const syntax = [
  "'",
  '"',
  "''; DROP TABLE sentinel; --",
  "'; DROP TABLE sentinel; --",
  '"; DROP TABLE sentinel; --',
  "$1",
  "$$",
  "\\",
  "\\'",
  "{}",
  "{a,b}",
  "NULL",
  "%",
  "_",
  "a'b",
  "$schema",
  "'::regclass",
  "E'\\x00'",
  "\u2028",
  "' || pg_sleep(10) || '",
];
const hostile = fc.oneof(
  fc.constantFrom(...syntax),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc
    .tuple(fc.constantFrom(...syntax), fc.string({ unit: "binary", maxLength: 5 }))
    .map(([first, second]) => first + second),
);
const named = hostile.filter((text) => text !== "");
/** What a text can say of itself in UTF-8 and without NUL. */
const isKept = (text: string) => !/[\0\p{Surrogate}]/u.test(text);
const idsOf = (hits: readonly { id: string }[]) => hits.map(({ id }) => id);

describe("any text", () => {
  it("is taken literally as key, value, tag, bank and id, and touches nothing else", async () => {
    const { open, query } = await workspace();
    const store = await open();
    await query("CREATE TABLE $schema.sentinel AS SELECT 'untouched' AS word");
    await store.storeVectors([item("neighbour", { bankId: "neighbour", tags: ["x"] })]);
    await fc.assert(
      fc.asyncProperty(named, named, hostile, hostile, async (bankId, id, key, value) => {
        const bank = { bankId };
        const memory = item(id, {
          bankId,
          text: value || "text",
          tags: [key, value],
          metadata: { [key]: value },
          factType: key,
          chunkId: value,
        });
        const refused = await store.storeVectors([memory]).then(
          () => undefined,
          (error: unknown) => error,
        );
        expect(refused instanceof InvalidArgumentError).toBe(!isKept(bankId) || !isKept(id));
        if (refused !== undefined) return;
        const filters = {
          tags: [value],
          factTypes: [key],
          // An own property of this name is not what an object literal would make.
          ...(key === "__proto__" ? {} : { metadataFilters: { [key]: value } }),
        };
        expect(idsOf(await store.searchSimilar([1, 0, 0], { ...bank, filters }))).toEqual([id]);
        expect(idsOf(await store.listRecentVectors({ ...bank, filters }))).toEqual([id]);
        expect(idsOf(await store.getByIds([id, key, value], bank))).toEqual([id]);
        expect(idsOf(await store.getByChunkIds([value], bank))).toEqual([id]);
        expect(
          await store.searchSimilar([1, 0, 0], {
            ...bank,
            filters: { metadataFilters: { [`${key}x`]: value } },
          }),
        ).toEqual([]);
        await store.searchFulltext(value, { ...bank, filters });
        await store.storeEntities(
          [{ id, name: value || "name", entityType: key, mentionCount: 1, aliases: [key] }],
          bank,
        );
        expect(idsOf(await store.queryEntities(value || "name", bank))).toEqual([id]);
        await store.linkMemoriesToEntities([{ memoryId: id, entityId: id }], bank);
        expect(await store.queryNeighbors([id], bank)).toHaveLength(1);
        await store.findMemoryLinks([id, key], { ...bank, linkTypes: [value] });
        await store.getEmbeddings(key, [value]);
        expect(await store.clearBank(bank)).toBe(1);
      }),
      { numRuns: 150 },
    );
    expect(await query("SELECT word FROM $schema.sentinel")).toEqual([{ word: "untouched" }]);
    expect(await store.listVectors({ bankId: "neighbour" })).toHaveLength(1);
  });

  it("finds nothing under an id that was refused, not even what looks like it", async () => {
    const { open } = await workspace();
    const store = await open();
    const bank = { bankId: "bank" };
    await store.storeVectors([item("\uFFFD")]);
    await store.storeEntities(
      [{ id: "\uFFFD", name: "n", entityType: "o", mentionCount: 1 }],
      bank,
    );
    for (const id of ["\uD800", "\0"]) {
      expect(await store.getByIds([id], bank)).toEqual([]);
      expect(await store.getDocument(id, bank)).toBeUndefined();
      expect(await store.delete([id], bank)).toBe(0);
      expect(await store.queryNeighbors([id], bank)).toEqual([]);
      await expect(store.listVectors({ bankId: id })).rejects.toThrow(InvalidArgumentError);
    }
    expect(await store.listVectors(bank)).toHaveLength(1);
  });

  it("is refused as an id when no index could hold it", async () => {
    const { open } = await workspace();
    const store = await open();
    const long = "é".repeat(300);
    await store.storeVectors([item(long, { chunkId: "c".repeat(10_000) })]);
    await store.storeMemoryLinks(
      [
        {
          sourceMemoryId: long,
          targetMemoryId: long,
          linkType: long,
          evidence: "",
          confidence: 1,
          weight: 1,
        },
      ],
      { bankId: long },
    );
    await expect(store.storeVectors([item(`${long}x`)])).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
      message: expect.stringContaining("600 bytes"),
    });
  });
});
