import type { ForgetOptions, PipelineOptions } from "astrocyte";
import { createSqliteStore } from "astrocyte/adapters/sqlite";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { usePostgres } from "../support/postgres/use-postgres.js";
import { createBrain } from "./brain.js";
import { createStagedModel } from "./staged-model.js";

const bankId = "user-1";
const derived = `${bankId}::obs`;
const words = ["tea", "coffee", "Ann", "Bob", "Oslo", "yesterday", "park"];
const tags = ["x", "y"];

const memory = fc.record({
  words: fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }),
  tags: fc.subarray(tags),
  day: fc.option(fc.integer({ min: 1, max: 28 }), { nil: undefined }),
  person: fc.option(fc.constantFrom("Ann", "Bob"), { nil: undefined }),
});
const corpus = fc.array(memory, { minLength: 1, maxLength: 8 });
const selector = fc.oneof(
  fc.record({ kind: fc.constant("ids" as const), picks: fc.array(fc.nat(7), { maxLength: 4 }) }),
  fc.record({ kind: fc.constant("tag" as const), tag: fc.constantFrom(...tags) }),
  fc.record({ kind: fc.constant("date" as const), day: fc.integer({ min: 1, max: 28 }) }),
  fc.record({ kind: fc.constant("all" as const) }),
);

type Memory = typeof memory extends fc.Arbitrary<infer Value> ? Value : never;
type Selector = typeof selector extends fc.Arbitrary<infer Value> ? Value : never;

const date = (day: number) => `2026-03-${String(day).padStart(2, "0")}`;

/** What each content says that no other does. */
const canary = (index: number) => `canary${"abcdefgh"[index]}${"qrstuvwx"[index]}`;

/** Echoes what it is shown, as the worst model would. */
const echo = (user: string) => {
  const said = /<content>\n([^]*)\n<\/content>/.exec(user)?.[1] ?? "";
  const shown = /\[(\w+)\] \(proofs[^)]*\) (.*)/.exec(user);
  return JSON.stringify([
    shown === null
      ? { action: "create", text: `seen: ${said}`, confidence: 0.9 }
      : { action: "update", obs_id: shown[1], text: `${shown[2]}; ${said}` },
  ]);
};

function expectedToGo(chosen: Selector, memories: readonly Memory[]): number[] {
  const all = memories.map((_, index) => index);
  switch (chosen.kind) {
    case "ids":
      return all.filter((index) => chosen.picks.includes(index));
    case "tag":
      return all.filter((index) => memories[index]?.tags.includes(chosen.tag));
    case "date":
      return all.filter((index) => (memories[index]?.day ?? 99) < chosen.day);
    case "all":
    default:
      return all;
  }
}

function forgetOptions(chosen: Selector, ids: readonly string[]): ForgetOptions {
  switch (chosen.kind) {
    case "ids":
      return { bankId, memoryIds: chosen.picks.flatMap((index) => ids[index] ?? []) };
    case "tag":
      return { bankId, tags: [chosen.tag] };
    case "date":
      return { bankId, beforeDate: date(chosen.day) };
    case "all":
    default:
      return { bankId, scope: "all" };
  }
}

/** Builds a bank, forgets a part of it, and gives the canaries that any operation or store still says. */
async function survivors(
  memories: readonly Memory[],
  chosen: Selector,
  pipeline: PipelineOptions,
  parts: Parameters<typeof createBrain>[0],
) {
  const { llm } = createStagedModel({
    observations: echo,
    answer: (user) => user,
    entities: (user) =>
      JSON.stringify([{ name: /canary\w+/.exec(user)?.[0], entity_type: "OTHER" }]),
  });
  const stores = createBrain();
  const { brain, vectorStore, documentStore, graphStore } = {
    ...stores,
    ...parts,
    brain: createBrain({
      vectorStore: stores.vectorStore,
      documentStore: stores.documentStore,
      graphStore: stores.graphStore,
      ...parts,
      llm,
      config: {
        recall_cache: { enabled: true },
        semantic_link_graph: { enabled: true, similarity_threshold: 0.1 },
      },
      pipeline: {
        enableObservationConsolidation: true,
        enableEntityExtraction: true,
        maxChunkSize: 24,
        ...pipeline,
      },
    }).brain,
  };
  const ids: string[] = [];
  for (const [index, { words: said, tags: own, day, person }] of memories.entries()) {
    const content = `${canary(index)} ${said.join(" ")}. And ${canary(index)} again.`;
    const { memoryId = "" } = await brain.retain(content, {
      bankId,
      tags: own,
      ...(day === undefined ? {} : { occurredAt: date(day) }),
      ...(person === undefined ? {} : { metadata: { person } }),
    });
    ids.push(memoryId);
  }
  // The index and the observations are there before, and half of the time they are still being drawn.
  if (memories.length % 2 === 0) await brain.flush();
  const queries = ["tea canary", "Describe Ann", ...memories.map((_, index) => canary(index))];
  for (const query of queries) await brain.recall(query, { bankId, maxResults: 50 });
  const result = await brain.forget(forgetOptions(chosen, ids));
  await brain.flush();
  let said = "";
  for (const query of queries) {
    const now = await brain.recall(query, { bankId, maxResults: 50 });
    const then = await brain.history(query, { bankId, maxResults: 50, asOf: "2026-12-31" });
    const seen = await brain.recall(query, { bankId: derived, maxResults: 50 });
    said += JSON.stringify([now, then, seen]);
    for (const bank of [bankId, derived]) {
      said += JSON.stringify(await vectorStore?.listVectors({ bankId: bank, limit: 500 }));
      said += JSON.stringify(
        await documentStore?.searchFulltext(query, { bankId: bank, limit: 50 }),
      );
      said += JSON.stringify(await graphStore?.queryEntities(query, { bankId: bank }));
    }
  }
  for (const question of ["Who had tea?", "Describe Ann and Bob"]) {
    said += JSON.stringify(await brain.reflect(question, { bankId }));
  }
  await brain.close();
  return { result, said };
}

async function holds(
  memories: readonly Memory[],
  chosen: Selector,
  pipeline: PipelineOptions,
  parts: Parameters<typeof createBrain>[0] = {},
) {
  const gone = expectedToGo(chosen, memories);
  const { result, said } = await survivors(memories, chosen, pipeline, parts);
  expect(result.receipt?.verified).toBe(true);
  for (const index of memories.keys()) {
    expect(said.includes(canary(index))).toBe(!gone.includes(index));
  }
}

/** Hundreds of banks on real stores, which a busy machine takes its time for. */
describe("PIPE-12: whatever is forgotten is said by nothing any more", { timeout: 60_000 }, () => {
  it.each<[string, PipelineOptions]>([
    ["default", {}],
    ["reference", { preset: "reference", observationWeight: 1 }],
  ])("on separate stores, by the preset %s", async (_name, pipeline) => {
    await fc.assert(
      fc.asyncProperty(corpus, selector, (memories, chosen) => holds(memories, chosen, pipeline)),
      { numRuns: 25 },
    );
  });

  it.each<[string, PipelineOptions]>([
    ["default", {}],
    ["reference", { preset: "reference", observationWeight: 1 }],
  ])("in SQLite, by the preset %s", async (_name, pipeline) => {
    await fc.assert(
      fc.asyncProperty(corpus, selector, async (memories, chosen) => {
        const store = await createSqliteStore({ path: ":memory:" });
        const stores = { vectorStore: store, documentStore: store, graphStore: store };
        await holds(memories, chosen, pipeline, stores);
        await store.close();
      }),
      { numRuns: 10 },
    );
  });

  describe("in PostgreSQL", () => {
    const openPostgres = usePostgres({ beforeAll, afterAll });
    it.each<[string, PipelineOptions]>([
      ["default", {}],
      ["reference", { preset: "reference", observationWeight: 1 }],
    ])("by the preset %s", async (_name, pipeline) => {
      await fc.assert(
        fc.asyncProperty(corpus, selector, async (memories, chosen) => {
          const store = await openPostgres();
          const stores = { vectorStore: store, documentStore: store, graphStore: store };
          await holds(memories, chosen, pipeline, stores);
          await store.close();
        }),
        { numRuns: 10 },
      );
    });
  });

  const bare = createBrain();
  it.each<[string, Parameters<typeof createBrain>[0]]>([
    [
      "documents",
      {
        documentStore: {
          ...bare.documentStore,
          deleteDocuments: () => Promise.resolve(1),
          clearBank: () => Promise.resolve(1),
        },
      },
    ],
    [
      "observations",
      {
        vectorStore: {
          ...bare.vectorStore,
          delete: (ids, options) =>
            options.bankId === derived ? Promise.resolve(0) : bare.vectorStore.delete(ids, options),
        },
      },
    ],
    ["entities", { graphStore: { ...bare.graphStore, removeMemories: () => Promise.resolve(1) } }],
  ])("but for a store that keeps %s, which is found out", async (_name, parts) => {
    const kept = [{ words: ["tea"], tags: ["x"], day: 1, person: "Ann" as const }];
    const { result, said } = await survivors(kept, { kind: "tag", tag: "x" }, {}, parts);
    expect(said).toContain(canary(0));
    expect(result.receipt?.verified).toBe(false);
  });
});
