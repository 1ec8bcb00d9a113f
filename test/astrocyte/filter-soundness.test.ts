import {
  matchesFilters,
  toTimestamp,
  type AstrocyteOptions,
  type MemoryHit,
  type VectorFilters,
} from "astrocyte";
import type { PostgresStore } from "astrocyte/adapters/postgres";
import { createSqliteStore } from "astrocyte/adapters/sqlite";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { usePostgres } from "../support/postgres/use-postgres.js";
import { createBrain } from "./brain.js";
import { createStagedModel } from "./staged-model.js";

const bankId = "user-1";
const tag = fc.constantFrom("a", "b", "A");
const people = ["Ann", "Bob"];
const day = fc.integer({ min: 1, max: 28 }).map((n) => toTimestamp(Date.UTC(2026, 4, n)));
const text = fc.constantFrom(
  "Ann likes dark mode",
  "Bob uses light mode",
  "dark nights in Oslo",
  "Ann and Bob met in the park",
  "something else entirely",
);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });
const memory = fc.record({
  content: text,
  tags: maybe(fc.array(tag)),
  occurredAt: maybe(day),
  metadata: maybe(
    fc.record({ session_id: fc.constantFrom("s1", "s2"), person: fc.constantFrom(...people) }),
  ),
});
const external = fc.record({
  text,
  score: fc.double({ min: 0, max: 1, noNaN: true }),
  memoryId: maybe(fc.constantFrom("other-1", "other-2")),
  tags: maybe(fc.array(tag)),
  occurredAt: maybe(day),
  factType: maybe(fc.constantFrom("world", "experience")),
});
const request = fc.record({
  query: fc.constantFrom(
    "What does Ann say about dark mode?",
    "Describe Bob and the park",
    "Ann in May 2026",
    "zebra",
  ),
  externalContext: maybe(fc.array(external, { maxLength: 3 })),
  tags: maybe(fc.array(tag)),
  factTypes: maybe(fc.constantFrom<string[]>(["world"], ["observation"], ["experience", "world"])),
  timeRange: maybe(fc.tuple(day, day)),
  sessionId: maybe(fc.constantFrom("s1", "s3")),
  asOf: maybe(
    fc.constantFrom(
      toTimestamp("2026-05-01"),
      toTimestamp("2026-06-01T00:02:30Z"),
      toTimestamp("2026-07-01"),
    ),
  ),
});

/** Every stage that can add a hit is switched on. */
const everything: Partial<AstrocyteOptions> = {
  config: {
    recall_cache: { enabled: true },
    semantic_link_graph: { enabled: true, similarity_threshold: 0.1 },
    spreading_activation: { enabled: true },
  },
  pipeline: {
    enableObservationConsolidation: true,
    enableEntityExtraction: true,
    enableHyde: true,
    enableMultiQueryExpansion: true,
    multiQueryConfidenceThreshold: 2,
    enableQueryEntityExtraction: true,
    observationWeight: 1,
  },
};

function modelOfEverything() {
  return createStagedModel({
    entities: (user) =>
      JSON.stringify(
        people
          .filter((name) => user.includes(name))
          .map((name) => ({ name, entity_type: "PERSON" })),
      ),
    observations: (user) => {
      const said = /<content>\n([^]*)\n<\/content>/.exec(user)?.[1] ?? "";
      return JSON.stringify([{ action: "create", text: `Often: ${said}`, confidence: 0.9 }]);
    },
    questions: "Ann in the park\nBob at night",
    imagined: "Bob uses light mode in the park",
  });
}

type Memory = typeof memory extends fc.Arbitrary<infer Value> ? Value : never;
type Request = typeof request extends fc.Arbitrary<infer Value> ? Value : never;

/** What the caller brought along is judged by the fields that it carries: most sources know no others. */
function passes({ bankId: _bankId, ...hit }: MemoryHit, filters: VectorFilters): boolean {
  if (!/^(?:ext|other)-/.test(hit.memoryId ?? "")) return matchesFilters(hit, filters);
  return matchesFilters(hit, {
    tags: (hit.tags ?? []).length === 0 ? undefined : filters.tags,
    factTypes: hit.factType === undefined ? undefined : filters.factTypes,
    timeRange: hit.occurredAt === undefined ? undefined : filters.timeRange,
    asOf: filters.asOf,
    sessionId: hit.metadata === undefined ? undefined : filters.sessionId,
  });
}

/** Recalls with every stage on; hits that a filter excludes, and which strategies had a part. */
async function recallAll(
  memories: readonly Memory[],
  { query, ...options }: Request,
  parts: Partial<AstrocyteOptions>,
) {
  const { brain, clock } = createBrain({
    ...everything,
    ...parts,
    pipeline: { ...everything.pipeline, ...parts.pipeline },
    llm: modelOfEverything().llm,
  });
  for (const { content, ...item } of memories) {
    await brain.retain(content, { bankId, ...item });
    clock.advance(60_000);
  }
  await brain.flush();
  // What a recall without filters found may not be given to one with filters.
  await brain.recall(query, { bankId, maxResults: 50 });
  const { hits } = await brain.recall(query, { bankId, maxResults: 50, ...options });
  await brain.close();
  const { externalContext: _external, ...filters } = options;
  const excluded = hits.filter((hit) => !passes(hit, filters));
  return { hits, excluded, strategies: hits.flatMap(({ strategies = [] }) => strategies) };
}

const openPostgres = usePostgres({ beforeAll, afterAll });
let postgres: PostgresStore | undefined;

const parts: [string, () => Promise<Partial<AstrocyteOptions>>][] = [
  ["separate stores", () => Promise.resolve({})],
  [
    "SQLite",
    async () => {
      const store = await createSqliteStore({ path: ":memory:" });
      return { vectorStore: store, documentStore: store, graphStore: store };
    },
  ],
  [
    "PostgreSQL",
    async () => {
      // Making a schema takes longer than the rest of a run.
      postgres ??= await openPostgres();
      const store = postgres;
      for (const bank of [bankId, `${bankId}::obs`]) await store.clearBank({ bankId: bank });
      return { vectorStore: store, documentStore: store, graphStore: store };
    },
  ],
  [
    "a store that ignores filters",
    () => {
      const { listRecentVectors: _recent, ...vectorStore } = createBrain().vectorStore;
      return Promise.resolve({
        vectorStore: {
          ...vectorStore,
          searchSimilar: (vector, { filters: _filters, ...options }) =>
            vectorStore.searchSimilar(vector, options),
        },
      } satisfies Partial<AstrocyteOptions>);
    },
  ],
];

describe.each(["default", "reference"] as const)(
  "PIPE-11: with every stage on, preset %s",
  (preset) => {
    it.each(parts)(
      "no hit is one that a filter excludes: %s",
      { timeout: 60_000 },
      async (_name, open) => {
        const seen = new Set<string>();
        await fc.assert(
          fc.asyncProperty(
            fc.array(memory, { minLength: 1, maxLength: 8 }),
            request,
            async (memories, wanted) => {
              const opened = await open();
              const { excluded, strategies } = await recallAll(memories, wanted, {
                ...opened,
                pipeline: { preset },
              });
              for (const strategy of strategies) seen.add(strategy);
              expect(excluded).toEqual([]);
            },
          ),
          { numRuns: 100 },
        );
        // Otherwise the property would hold of stages that never ran.
        expect([...seen].toSorted((a, b) => a.localeCompare(b))).toEqual(
          expect.arrayContaining(["graph", "hyde", "observation", "proxy"]),
        );
      },
    );
  },
);

it("notices a recall that leaves a filter out", async () => {
  const memories = [{ content: "Ann likes dark mode", tags: ["b"] }] as unknown as Memory[];
  const asked = { query: "What does Ann say about dark mode?" } as Request;
  const { hits } = await recallAll(memories, asked, {});
  expect(hits.length).toBeGreaterThan(0);
  expect(hits.some((hit) => passes(hit, { tags: ["a"] }))).toBe(false);
});
