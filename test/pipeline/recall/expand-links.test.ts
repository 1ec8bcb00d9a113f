import { expandLinks, linkScore, semanticLinks, sourceMemoryIds } from "astrocyte/pipeline";
import { createInMemoryGraphStore, createInMemoryVectorStore } from "astrocyte/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

const bankId = "bank";
const items = (ids: string, tags?: string[]) =>
  Array.from(ids, (id) => ({
    id,
    bankId,
    vector: [1, 0],
    text: `text ${id}`,
    ...(tags && { tags }),
  }));
const finding = (stored: ReturnType<typeof items>) => (ids: readonly string[]) =>
  Promise.resolve(
    new Map(stored.filter(({ id }) => ids.includes(id)).map((item) => [item.id, item])),
  );

async function graphWith(
  links: [string, string, string, number][],
  associations: [string, string][] = [],
) {
  const graph = createInMemoryGraphStore();
  await graph.linkMemoriesToEntities(
    associations.map(([memoryId, entityId]) => ({ memoryId, entityId })),
    { bankId },
  );
  await graph.storeMemoryLinks(
    links.map(([sourceMemoryId, targetMemoryId, linkType, weight]) => ({
      sourceMemoryId,
      targetMemoryId,
      linkType,
      weight,
      evidence: "",
      confidence: 1,
    })),
    { bankId },
  );
  return graph;
}

describe("PIPE-26: linkScore", () => {
  it.each([
    [{ sharedEntities: 3, semanticWeight: 0.4, causalWeight: 1.2 }, 1.12],
    [{ sharedEntities: 50, semanticWeight: 9, causalWeight: 9 }, 1.5],
    [{ sharedEntities: 0, semanticWeight: 0, causalWeight: 0 }, 0],
  ])("of %j is %d", (signals, expected) => {
    expect(linkScore(signals)).toBeCloseTo(expected, 9);
  });
});

describe("PIPE-26: expandLinks", () => {
  it("adds up the signals of a memory and says which they were", async () => {
    const graph = await graphWith(
      [
        ["a", "b", "semantic", 0.7],
        ["b", "a", "caused_by", 0.5],
        ["a", "c", "semantic", 0.75],
        ["a", "d", "supersedes", 1],
      ],
      [
        ["a", "e1"],
        ["b", "e1"],
      ],
    );
    const found = await expandLinks(graph, finding(items("abcd")), ["a"], { bankId });
    expect(found.map(({ id, score }) => [id, Number(score.toFixed(6))])).toEqual([
      ["b", 1.01],
      ["c", 0.225],
    ]);
    expect(found[0]?.metadata).toEqual({
      _causal_weight_total: 1.5,
      _entity_overlap_count: 1,
      _link_signal: "causal,entity_overlap,semantic",
      _semantic_weight_total: 0.7,
    });
  });

  it("adds no seed, nothing unknown, nothing below the threshold, and no more than asked for", async () => {
    const graph = await graphWith([
      ["a", "b", "semantic", 0.9],
      ["a", "x", "semantic", 0.9],
      ["a", "c", "semantic", 0.1],
      ["a", "d", "semantic", 0.8],
      ["a", "e", "semantic", 0.7],
    ]);
    const found = await expandLinks(graph, finding(items("abcde")), ["a", "b"], {
      bankId,
      limit: 1,
    });
    expect(found.map(({ id }) => id)).toEqual(["d"]);
  });

  it("requires every tag, in any case", async () => {
    const graph = await graphWith([
      ["a", "b", "semantic", 0.9],
      ["a", "c", "semantic", 0.8],
    ]);
    const stored = [...items("b", ["One"]), ...items("c", ["ONE", "two"])];
    const options = { bankId, tags: ["one", "Two"] };
    expect((await expandLinks(graph, finding(stored), ["a"], options)).map(({ id }) => id)).toEqual(
      ["c"],
    );
  });

  it("orders equal scores by id, whenever the links were stored", async () => {
    const graph = await graphWith([
      ["a", "c", "semantic", 0.8],
      ["a", "b", "semantic", 0.8],
    ]);
    const found = await expandLinks(graph, finding(items("bc")), ["a"], { bankId });
    expect(found.map(({ id }) => id)).toEqual(["b", "c"]);
  });

  it("does without the methods that a store may lack", async () => {
    const {
      getEntityIdsForMemories: _ids,
      findMemoryLinks: _links,
      ...graph
    } = await graphWith([]);
    expect(await expandLinks(graph, finding([]), ["a"], { bankId })).toEqual([]);
  });

  it("leaves the store's error to the caller", async () => {
    const down = new Error("down");
    const graph = { ...(await graphWith([])), findMemoryLinks: () => Promise.reject(down) };
    await expect(expandLinks(graph, finding([]), ["a"], { bankId })).rejects.toBe(down);
  });
});

describe("semanticLinks", () => {
  it("links to what was stored before, the most similar first, and not within the batch", async () => {
    const store = createInMemoryVectorStore();
    const vectors = { o1: [1, 0], o2: [0.8, 0.6], o3: [0, 1], n1: [1, 0], n2: [1, 0.1] };
    await store.storeVectors(
      Object.entries(vectors).map(([id, vector]) => ({ id, bankId, vector, text: id })),
    );
    const added = [
      { id: "n1", vector: vectors.n1 },
      { id: "n2", vector: vectors.n2 },
    ];
    const links = await semanticLinks(store, added, { bankId });
    expect(
      links.map(({ sourceMemoryId, targetMemoryId }) => sourceMemoryId + targetMemoryId),
    ).toEqual(["n1o1", "n1o2", "n2o1", "n2o2"]);
    expect(links[1]?.weight).toBeCloseTo(0.8, 9);
    expect(await semanticLinks(store, added, { bankId, topK: 1, threshold: 0 })).toHaveLength(2);
  });
});

describe("sourceMemoryIds", () => {
  it.each([
    [undefined, []],
    [{ _obs_source_ids: '["a",1,"",null]' }, ["a", "1"]],
    [{ _wiki_source_ids: "a, b,,c" }, ["a", "b", "c"]],
    [{ _obs_source_ids: "", _wiki_source_ids: "w" }, ["w"]],
    [{ _obs_source_ids: 5 }, []],
  ])("reads %j", (metadata, expected) => {
    expect(sourceMemoryIds(metadata)).toEqual(expected);
  });

  it("throws for no text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) =>
        sourceMemoryIds({ _obs_source_ids: text }).every((id) => id !== ""),
      ),
    );
  });
});
