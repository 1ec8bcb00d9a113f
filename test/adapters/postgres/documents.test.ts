import { InvalidArgumentError } from "astrocyte";
import { describe, expect, it } from "vitest";
import { searchWords } from "../../../adapters/postgres/words.js";
import { findDamage, item, startWithVectors, useServer } from "./support.js";

const workspace = useServer(startWithVectors);
const bank = { bankId: "bank" };

describe("documents", () => {
  it("are stored, replaced, found and deleted without vectors", async () => {
    const { open, query } = await workspace();
    const store = await open();
    const document = { id: "d", text: "The cats were running", metadata: { n: 1 }, tags: ["t"] };
    expect(await store.storeDocument({ id: "d", text: "dogs", tags: ["old"] }, bank)).toBe("d");
    expect(await store.storeDocument(document, bank)).toBe("d");
    expect(await store.getDocument("d", bank)).toEqual(document);
    expect(await store.searchFulltext("dogs", bank)).toEqual([]);
    expect(await store.searchFulltext("cat run", bank)).toEqual([
      { documentId: "d", text: document.text, metadata: { n: 1 }, score: expect.any(Number) },
    ]);
    expect(await store.listVectors(bank)).toEqual([]);
    expect(await store.getByIds(["d"], bank)).toEqual([]);
    const found = async (filters: object) =>
      (await store.searchFulltext("cat", { ...bank, filters })).length;
    expect(await found({ tags: ["t"] })).toBe(1);
    expect(await found({ tags: ["u"] })).toBe(0);
    expect(await found({ metadataFilters: { n: 1 } })).toBe(1);
    expect(await found({ metadataFilters: { n: 2 } })).toBe(0);
    // A document has no fact type and no date, so the caller checks those on the memory.
    expect(await found({ factTypes: ["world"] })).toBe(1);
    expect(await store.deleteDocuments(["d", "e"], bank)).toBe(1);
    expect(await store.searchFulltext("cat", bank)).toEqual([]);
    await store.close();
    expect(await findDamage(query)).toEqual([]);
  });

  it("come with every memory, and do not change it", async () => {
    const { open } = await workspace();
    const store = await open();
    const memory = item("a", { text: "a memory", metadata: { k: 1 }, tags: ["t"] });
    await store.storeDocument({ id: "a", text: "was a document first" }, bank);
    await store.storeVectors([memory]);
    expect(await store.getDocument("a", bank)).toEqual({
      id: "a",
      text: "a memory",
      metadata: { k: 1 },
      tags: ["t"],
    });
    await store.storeDocument({ id: "a", text: "a memory" }, bank);
    expect(await store.listVectors(bank)).toEqual([memory]);
    await expect(store.storeDocument({ id: "a", text: "another" }, bank)).rejects.toThrow(
      InvalidArgumentError,
    );
    expect(await store.listVectors(bank)).toEqual([memory]);
  });

  it("rank by relevance with positive scores", async () => {
    const { open } = await workspace();
    const store = await open();
    await store.storeVectors([
      item("both", { text: "violin concerto" }),
      item("one", { text: "violin lessons on Monday" }),
      item("long", { text: `violin ${"filler ".repeat(80)}` }),
      item("none", { text: "piano" }),
    ]);
    const hits = await store.searchFulltext("a violin concerto", bank);
    expect(hits.map(({ documentId }) => documentId)).toEqual(["both", "one", "long"]);
    expect(hits.every(({ score }) => score > 0)).toBe(true);
    expect(hits.map(({ score }) => score)).toEqual(
      hits.map(({ score }) => score).toSorted((a, b) => b - a),
    );
    expect(await store.searchFulltext("violin", { ...bank, limit: 2 })).toHaveLength(2);
    expect(await store.searchFulltext("violin", { ...bank, limit: 0 })).toEqual([]);
  });

  it("ignore accents and case", async () => {
    const { open } = await workspace();
    const store = await open();
    await store.storeVectors([item("a", { text: "Café in Zürich" })]);
    for (const text of ["cafe", "ZURICH", "café", "cafe\u0301"]) {
      expect([text, await store.searchFulltext(text, bank)]).toMatchObject([
        text,
        [{ documentId: "a" }],
      ]);
    }
  });
});

describe("the words of a search", () => {
  it("leave stop words out unless nothing else remains", () => {
    expect(searchWords("What is the Capital of France?")).toEqual(["capital", "france"]);
    expect(searchWords("to be or not to be")).toEqual(["to", "be", "or", "not"]);
    expect(searchWords("don't panic, panic!")).toEqual(["panic"]);
    expect(searchWords(" 🧠 -- \0 \"'")).toEqual([]);
  });

  it("are at most 64 of any text", () => {
    const words = Array.from({ length: 1000 }, (_, index) => `w${index}`).join(" ");
    expect(searchWords(words)).toHaveLength(64);
    expect(searchWords("x".repeat(1_000_000))).toEqual([]);
  });

  it.each([
    '"',
    '""',
    '"unclosed',
    "'; DROP TABLE astrocyte_memories; --",
    "a AND",
    "NOT",
    "OR OR",
    "NEAR(a b, 2)",
    "text:word",
    "col : x",
    "^start",
    "pre*",
    "(((",
    "{a b}:c",
    "a + b",
    "-x",
    "\0",
    "a\0b",
    "\uD800",
    "🧠🧠",
    "́",
    "𞤀𞤣𞤤",
    "日本語",
    "x²",
    "٣",
    "1e5",
    "नमस्ते",
    "%_",
    "\\",
  ])("never fails on %j", async (text) => {
    const { open } = await workspace();
    const store = await open();
    await store.storeVectors([item("a", { text: "word" })]);
    const hits = await store.searchFulltext(text, bank);
    expect(hits).toHaveLength(text.includes("word") ? 1 : 0);
  });

  it("never fails on a megabyte", async () => {
    const { open } = await workspace();
    const store = await open();
    await store.storeVectors([item("big", { text: "lorem ipsum ".repeat(90_000) })]);
    for (const text of ["word ".repeat(200_000), '"'.repeat(1_000_000), "ipsum".padEnd(1e6)]) {
      await store.searchFulltext(text, bank);
    }
    expect(await store.searchFulltext("lorem", bank)).toHaveLength(1);
    expect(await store.searchFulltext("", bank)).toEqual([]);
  });
});
