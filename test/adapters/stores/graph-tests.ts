import type { Entity } from "astrocyte";
import { describe, expect, it } from "vitest";
import { item, type StoreWorkspace } from "./open-store.js";

const bank = { bankId: "bank" };

function entity(id: string, name = id, rest: Partial<Entity> = {}): Entity {
  return { id, name, entityType: "PERSON", mentionCount: 1, ...rest };
}

const link = (entityA: string, entityB: string, linkType = "co_occurs") => ({
  entityA,
  entityB,
  linkType,
  evidence: "",
  confidence: 1,
});

const memoryLink = (
  sourceMemoryId: string,
  targetMemoryId: string,
  linkType = "semantic",
  weight = 1,
) => ({
  sourceMemoryId,
  targetMemoryId,
  linkType,
  evidence: "",
  confidence: 1,
  weight,
});

const idsOf = (found: readonly { id: string }[]) => found.map(({ id }) => id);

export function graphTests(workspace: StoreWorkspace): void {
  describe("entities", () => {
    it("are upserted whole, and found within name or alias in any case and script", async () => {
      const { open } = await workspace();
      const store = await open();
      const full = entity("e1", "Ángela Müller", {
        aliases: ["ANGIE", "ΣΊΣΥΦΟΣ"],
        metadata: { role: "CTO" },
        embedding: [0.5, 1],
        mentionCount: 7,
      });
      await store.storeEntities([entity("e1", "old name", { aliases: ["gone"] })], bank);
      expect(await store.storeEntities([full, entity("e2", "Angie's Bar")], bank)).toEqual([
        "e1",
        "e2",
      ]);
      expect(await store.queryEntities("ángela mü", bank)).toEqual([full]);
      expect(await store.queryEntities("ίσυφ", bank)).toEqual([full]);
      expect((await store.queryEntities("angie", bank)).map(({ id }) => id)).toEqual(["e1", "e2"]);
      expect(await store.queryEntities("angie", { ...bank, limit: 1 })).toHaveLength(1);
      expect(await store.queryEntities("gone", bank)).toEqual([]);
      expect(await store.queryEntities("%", bank)).toEqual([]);
      expect(await store.queryEntities("angie", { bankId: "other" })).toEqual([]);
    });

    it("are candidates for similar names", async () => {
      const { open } = await workspace();
      const store = await open();
      await store.storeEntities(
        [
          entity("jon", "Jon Smith", { embedding: [1, 0], mentionCount: 3 }),
          entity("john", "John Smith", { aliases: ["Johnny"] }),
          entity("smyth", "J. Smyth"),
          entity("other", "Acme Corporation", { embedding: [0.9, 0.1] }),
          entity("mate", "Mary"),
        ],
        bank,
      );
      await store.storeVectors([
        item("m1", { retainedAt: "2024-01-01T00:00:00+00:00" }),
        item("m2", { retainedAt: "2024-03-01T00:00:00+00:00" }),
      ]);
      await store.linkMemoriesToEntities(
        [
          { memoryId: "m1", entityId: "jon" },
          { memoryId: "m2", entityId: "jon" },
        ],
        bank,
      );
      await store.storeLinks(
        [link("mate", "jon"), link("jon", "other"), link("jon", "smyth", "alias_of")],
        bank,
      );

      expect(idsOf(await store.findEntityCandidates("john smith", bank))).toEqual(["john", "jon"]);
      expect(idsOf(await store.findEntityCandidates("johnny", { ...bank, threshold: 1 }))).toEqual([
        "john",
      ]);
      expect(await store.findEntityCandidates("john smith", { bankId: "other" })).toEqual([]);

      const scored = await store.findEntityCandidatesScored("Jon Smith", {
        ...bank,
        nameEmbedding: [1, 0],
      });
      expect(scored[0]).toEqual({
        entity: entity("jon", "Jon Smith", { embedding: [1, 0], mentionCount: 3 }),
        nameSimilarity: 1,
        embeddingSimilarity: 1,
        coOccurringNames: ["acme corporation", "mary"],
        lastSeen: "2024-03-01T00:00:00+00:00",
        mentionCount: 3,
      });
      expect(scored.map(({ entity: { id } }) => id)).toEqual(["jon", "other", "john", "smyth"]);
      expect(scored[1]?.embeddingSimilarity).toBeGreaterThan(0.9);
      expect(scored[2]).not.toHaveProperty("embeddingSimilarity");
      const best = scored.map(({ nameSimilarity: name, embeddingSimilarity = 0 }) =>
        Math.max(name, embeddingSimilarity),
      );
      expect(best).toEqual(best.toSorted((a, b) => b - a));
      expect(await store.findEntityCandidatesScored("Jon", { ...bank, limit: 0 })).toEqual([]);
    });
  });

  async function filled() {
    const { open } = await workspace();
    const store = await open();
    await store.storeVectors([item("near"), item("both"), item("far"), item("farther")]);
    await store.storeEntities(
      ["a", "b", "c", "d"].map((id) => entity(id)),
      bank,
    );
    await store.storeLinks([link("a", "b"), link("c", "b")], bank);
    await store.storeEntityLink(link("c", "d"), bank);
    await store.linkMemoriesToEntities(
      [
        { memoryId: "near", entityId: "a" },
        { memoryId: "both", entityId: "a" },
        { memoryId: "both", entityId: "b" },
        { memoryId: "far", entityId: "c" },
        { memoryId: "farther", entityId: "d" },
        { memoryId: "elsewhere", entityId: "a" },
        { memoryId: "near", entityId: "a" },
      ],
      bank,
    );
    return store;
  }

  describe("neighbours", () => {
    it("are one hit a memory, best first, with the memory's text", async () => {
      const store = await filled();
      expect(await store.queryNeighbors(["a"], bank)).toEqual([
        {
          memoryId: "both",
          text: "text of both",
          connectedEntities: ["a", "b"],
          depth: 1,
          score: 1.5,
        },
        { memoryId: "elsewhere", text: "", connectedEntities: ["a"], depth: 1, score: 1 },
        { memoryId: "near", text: "text of near", connectedEntities: ["a"], depth: 1, score: 1 },
      ]);
    });

    it("lie within the depth, links taken both ways", async () => {
      const store = await filled();
      const found = async (maxDepth: number) =>
        (await store.queryNeighbors(["a"], { ...bank, maxDepth })).map(
          ({ memoryId, depth }) => `${memoryId}@${depth}`,
        );
      expect(await found(1)).toEqual(["both@1", "elsewhere@1", "near@1"]);
      expect(await found(3)).toEqual(["both@1", "elsewhere@1", "near@1", "far@3"]);
      expect(await found(Infinity)).toEqual([
        "both@1",
        "elsewhere@1",
        "near@1",
        "far@3",
        "farther@4",
      ]);
      expect(await store.queryNeighbors(["a"], { ...bank, limit: 1 })).toHaveLength(1);
      expect(await store.queryNeighbors(["nobody"], bank)).toEqual([]);
      expect(await store.queryNeighbors([], bank)).toEqual([]);
      expect(await store.queryNeighbors(["a"], { bankId: "other" })).toEqual([]);
    });

    it("stay quick in a dense graph", async () => {
      const { open } = await workspace();
      const store = await open();
      const ids = Array.from({ length: 60 }, (_, index) => `e${index}`);
      await store.storeLinks(
        ids.flatMap((a) => ids.map((b) => link(a, b))),
        bank,
      );
      await store.linkMemoriesToEntities(
        ids.map((entityId) => ({ memoryId: "m", entityId })),
        bank,
      );
      const [hit] = await store.queryNeighbors(["e0"], { ...bank, maxDepth: 16 });
      expect(hit).toMatchObject({ memoryId: "m", depth: 1, score: 1 + 59 / 2 });
    });
  });

  describe("memory links", () => {
    it("are found from both ends, by type, strongest first", async () => {
      const { open } = await workspace();
      const store = await open();
      const weak = memoryLink("a", "b", "semantic", 0.5);
      const strong = {
        ...memoryLink("c", "a", "caused_by", 2),
        evidence: "said so",
        createdAt: "2024-01-01T00:00:00+00:00",
        metadata: { by: "llm" },
      };
      const ids = await store.storeMemoryLinks([weak, strong, memoryLink("x", "y")], bank);
      expect(new Set(ids).size).toBe(3);
      await store.storeMemoryLinks([weak], bank);
      expect(await store.findMemoryLinks(["a"], bank)).toEqual([strong, weak]);
      expect(await store.findMemoryLinks(["a", "b", "c"], { ...bank, limit: 1 })).toEqual([strong]);
      expect(await store.findMemoryLinks(["a"], { ...bank, linkTypes: ["semantic"] })).toEqual([
        weak,
      ]);
      expect(await store.findMemoryLinks(["a"], { ...bank, linkTypes: [] })).toEqual([]);
      expect(await store.findMemoryLinks(["a"], { bankId: "other" })).toEqual([]);
    });
  });

  describe("removing memories from the graph", () => {
    it("drops entities that lost their last mention, and no others", async () => {
      const { open } = await workspace();
      const store = await open();
      await store.storeEntities(
        ["only", "shared", "fresh"].map((id) => entity(id)),
        bank,
      );
      await store.storeLinks([link("only", "shared"), link("shared", "fresh")], bank);
      await store.linkMemoriesToEntities(
        [
          { memoryId: "m1", entityId: "only" },
          { memoryId: "m1", entityId: "shared" },
          { memoryId: "m2", entityId: "shared" },
        ],
        bank,
      );
      await store.storeMemoryLinks(
        [memoryLink("m1", "m2"), memoryLink("m2", "m1"), memoryLink("m2", "m3")],
        bank,
      );
      expect(await store.getEntityIdsForMemories(["m1", "m2", "m9"], bank)).toEqual({
        m1: ["only", "shared"],
        m2: ["shared"],
      });
      expect(await store.removeMemories(["m1"], { bankId: "other" })).toBe(0);
      expect(await store.removeMemories(["m1", "m9"], bank)).toBe(2);
      expect((await store.queryEntities("", bank)).map(({ id }) => id)).toEqual([
        "fresh",
        "shared",
      ]);
      expect(await store.findMemoryLinks(["m1"], bank)).toEqual([]);
      expect(await store.findMemoryLinks(["m2"], bank)).toHaveLength(1);
      expect(await store.clearBank(bank)).toBe(2);
      expect(await store.queryEntities("", bank)).toEqual([]);
      expect(await store.findMemoryLinks(["m2"], bank)).toEqual([]);
    });
  });
}
