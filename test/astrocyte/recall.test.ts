import * as fc from "fast-check";
import { matchesFilters, toTimestamp, type RecallOptions } from "astrocyte";
import { describe, expect, it } from "vitest";
import { createBrain } from "./brain.js";

const bankId = "user-1";
/** Recall by the searches of the stores instead of the index of the bank. */
const bySearches = { pipeline: { preset: "reference" } } as const;
const presets = ["default", "reference"] as const;
const outage = (): Promise<never> => Promise.reject(new Error("outage"));

describe("recall", () => {
  it("fuses the strategies and says who found what", async () => {
    const { brain, clock } = createBrain(bySearches);
    await brain.retain("Alice likes dark mode. She works at Acme.", { bankId });
    clock.advance(60_000);
    await brain.retain("Unrelated words about gardening", { bankId });
    const { hits, trace, totalAvailable, topSemanticScore } = await brain.recall("dark mode", {
      bankId,
    });
    expect(hits[0]).toMatchObject({
      text: "Alice likes dark mode. She works at Acme.",
      bankId,
      strategies: ["semantic", "keyword", "temporal"],
    });
    expect(hits[1]?.strategies).toEqual(["semantic", "temporal"]);
    expect(totalAvailable).toBe(2);
    expect(topSemanticScore).toBeGreaterThan(0);
    expect(trace).toMatchObject({
      fusionMethod: "rrf",
      strategiesUsed: ["semantic", "keyword", "temporal"],
      strategyCandidateCounts: { semantic: 2, keyword: 1, temporal: 2 },
      totalCandidates: 5,
    });
  });

  it("takes an unknown bank as an empty one", async () => {
    const { brain } = createBrain();
    expect(await brain.recall("anything", { bankId: "nobody" })).toMatchObject({
      hits: [],
      totalAvailable: 0,
    });
  });

  it("never crosses banks", async () => {
    const { brain } = createBrain();
    for (const bank of ["acme", "acme-corp", "ACME", "acme.x"])
      await brain.retain(`secret of ${bank}`, { bankId: bank });
    const { hits } = await brain.recall("secret of acme-corp", { bankId: "acme" });
    expect(hits.map(({ text }) => text)).toEqual(["secret of acme"]);
  });

  it("PIPE-14: keeps to the token budget and says when it cut", async () => {
    const { brain } = createBrain({ config: { homeostasis: { recall_max_tokens: 8 } } });
    for (const content of ["one two three", "one two four", "one two five"])
      await brain.retain(content, { bankId });
    const result = await brain.recall("one two", { bankId });
    expect(result).toMatchObject({ truncated: true, totalAvailable: 3 });
    expect(result.hits).toHaveLength(2);
    expect((await brain.recall("one two", { bankId, maxTokens: 100 })).hits).toHaveLength(3);
  });

  it("prefers the recent when nothing else tells memories apart", async () => {
    // The stores order equals by id, which here puts the older first.
    let next = 0;
    const { brain } = createBrain({
      createId: () => `id-${(next += 1)}`,
      config: { signal_quality: { dedup: { enabled: false } } },
    });
    await brain.retain("went for a run", { bankId, occurredAt: "2026-01-01" });
    await brain.retain("went for a run", { bankId, occurredAt: "2026-05-31" });
    const { hits } = await brain.recall("run", { bankId });
    expect(hits[0]?.occurredAt).toBe("2026-05-31T00:00:00+00:00");
  });

  it("PIPE-10: loses only the candidates of a strategy that fails", async () => {
    const { brain, documentStore, warnings } = createBrain(bySearches);
    await brain.retain("dark mode", { bankId });
    documentStore.searchFulltext = () => Promise.reject(new Error("index gone"));
    const { hits, trace } = await brain.recall("dark mode", { bankId });
    expect(hits).toHaveLength(1);
    expect(trace?.strategiesUsed).toEqual(["semantic", "temporal"]);
    expect(warnings).toEqual(["astrocyte.recall.strategy_failed"]);
  });

  it("PIPE-10: fails when every strategy fails: an outage is not an empty memory", async () => {
    const { brain, vectorStore, documentStore } = createBrain(bySearches);
    vectorStore.searchSimilar = outage;
    vectorStore.listRecentVectors = outage;
    documentStore.searchFulltext = outage;
    await expect(brain.recall("x", { bankId })).rejects.toThrow("outage");
  });

  it.each(presets)(
    "PIPE-10: fails when the query cannot be embedded, preset %s",
    async (preset) => {
      const { brain, embeddings } = createBrain({ pipeline: { preset } });
      await brain.retain("dark mode", { bankId });
      embeddings.embed = outage;
      await expect(brain.recall("dark mode", { bankId })).rejects.toThrow("outage");
    },
  );

  it.each(presets)(
    "PIPE-13: sees nothing of what came after asOf, and filters by no reference date, preset %s",
    async (preset) => {
      const { brain, clock } = createBrain({ pipeline: { preset } });
      await brain.retain("dark mode", { bankId, occurredAt: "2026-05-01" });
      clock.advance(60_000);
      await brain.retain("darker mode", { bankId, occurredAt: "2020-01-01" });
      const ask = async (options: Partial<RecallOptions>) =>
        (await brain.recall("dark mode", { bankId, ...options })).hits
          .map(({ text }) => text)
          .toSorted();
      const both = ["dark mode", "darker mode"];
      expect(await ask({ asOf: "2026-05-31T23:59:59Z" })).toEqual([]);
      expect(await ask({ asOf: "2026-06-01T00:00:00Z" })).toEqual(["dark mode"]);
      expect(await ask({ asOf: "2026-06-01T00:01:00Z" })).toEqual(both);
      expect(await ask({ queryReferenceDate: "2020-06-01" })).toEqual(both);
    },
  );

  it.each(presets)(
    "PIPE-14: has as many memories available as it returns, and is truncated by its budget only, preset %s",
    async (preset) => {
      const { brain } = createBrain({
        pipeline: { preset },
        config: { signal_quality: { dedup: { enabled: false } } },
      });
      const words = fc.array(fc.constantFrom("dark", "mode", "tea", "night"), { minLength: 1 });
      await fc.assert(
        fc.asyncProperty(
          fc.array(words, { maxLength: 6 }),
          fc.integer({ min: 1, max: 8 }),
          fc.integer({ min: 1, max: 40 }),
          async (texts, maxResults, maxTokens) => {
            await brain.clearBank(bankId);
            await brain.retainMany(
              texts.map((text) => ({ content: text.join(" ") })),
              { bankId },
            );
            const free = await brain.recall("dark tea", { bankId, maxResults });
            const bound = await brain.recall("dark tea", { bankId, maxResults, maxTokens });
            expect(free.truncated).toBe(false);
            expect(free.hits).toHaveLength(Math.min(maxResults, texts.length));
            expect(bound.truncated).toBe(bound.hits.length < free.hits.length);
            for (const { totalAvailable, hits } of [free, bound])
              expect(totalAvailable).toBeGreaterThanOrEqual(hits.length);
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  it.each([
    [0, {}, 1],
    [7, {}, 0.5],
    [14, {}, 0.25],
    [7, { temporalHalfLifeDays: 3.5 }, 0.25],
    [7, { temporalHalfLifeDays: 0 }, 1],
  ])("PIPE-15: gives %d days under %j the recency %d", async (days, options, recency) => {
    const { brain, clock } = createBrain({ pipeline: { preset: "reference", ...options } });
    const occurredAt = new Date(clock.now() - days * 86_400_000);
    await brain.retain("dark mode", { bankId, occurredAt });
    const { hits } = await brain.recall("dark mode", { bankId, explain: true });
    expect(hits[0]?.explanation?.strategies["temporal"]?.score).toBeCloseTo(recency, 12);
  });

  it("PIPE-8: tells when a memory happened, in every preset", async () => {
    for (const preset of presets) {
      const { brain } = createBrain({ pipeline: { preset } });
      await brain.retain("dark mode", { bankId, occurredAt: "2026-05-01" });
      const { hits } = await brain.recall("dark mode", { bankId });
      expect(hits[0]?.occurredAt).toBe("2026-05-01T00:00:00+00:00");
    }
  });

  it("fills the answer also from stores that ignore filters", async () => {
    const { vectorStore, documentStore, ...rest } = createBrain();
    const { brain } = createBrain({
      ...rest,
      ...bySearches,
      documentStore: {
        ...documentStore,
        searchFulltext: (query, { filters: _filters, ...options }) =>
          documentStore.searchFulltext(query, options),
      },
      vectorStore: {
        ...vectorStore,
        searchSimilar: (vector, { filters: _filters, ...options }) =>
          vectorStore.searchSimilar(vector, options),
        listRecentVectors: ({ filters: _filters, ...options }) =>
          vectorStore.listRecentVectors(options),
      },
    });
    const others = Array.from({ length: 300 }, () => ({ content: "dark mode at night" }));
    await brain.retainMany(
      [{ content: "dark", tags: ["keep"], occurredAt: "2020-01-01" }, ...others],
      { bankId },
    );
    const { hits } = await brain.recall("dark mode at night", {
      bankId,
      maxResults: 2,
      tags: ["keep"],
    });
    expect(hits.map(({ strategies }) => strategies)).toEqual([["semantic", "keyword", "temporal"]]);
  });

  it("takes providers that answer at once, and survives those that throw at once", async () => {
    const { vectorStore, documentStore, warnings: _warnings, ...rest } = createBrain();
    const { brain, warnings } = createBrain({
      ...rest,
      ...bySearches,
      vectorStore,
      documentStore: {
        ...documentStore,
        searchFulltext: () => {
          throw new Error("at once");
        },
      },
      logger: { warn: (event) => void warnings.push(event) },
    });
    await brain.retain("dark mode", { bankId });
    vectorStore.searchSimilar = (() => []) as never;
    expect((await brain.recall("dark mode", { bankId })).hits[0]?.strategies).toEqual(["temporal"]);
    expect(warnings).toEqual(["astrocyte.recall.strategy_failed"]);
  });

  it("reports an abort as that and as nothing else", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const { brain, vectorStore, warnings } = createBrain(bySearches);
    vectorStore.searchSimilar = () => {
      controller.abort(reason);
      return Promise.reject(reason);
    };
    await expect(brain.recall("x", { bankId, signal: controller.signal })).rejects.toBe(reason);
    expect(warnings).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["no options", undefined],
    ["a time range that is none", { bankId, timeRange: "2024" }],
    ["a negative budget", { bankId, maxTokens: -1 }],
    ["a misspelt option", { bankId, maxResult: 5 }],
    ["a fraction of a result", { bankId, maxResults: 1.5 }],
  ])("refuses %s", async (_name, options) => {
    const { brain } = createBrain();
    await expect(brain.recall("x", options as never)).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
    });
  });

  it("works on a store with the required methods only", async () => {
    const full = createBrain();
    const {
      getByIds: _a,
      listRecentVectors: _b,
      getByChunkIds: _c,
      clearBank: _d,
      bankRevision: _e,
      ...required
    } = full.vectorStore;
    const { brain } = createBrain({ vectorStore: required });
    await brain.retain("dark mode", { bankId, tags: ["x"] });
    await brain.retain("light mode", { bankId });
    expect(
      (await brain.recall("mode", { bankId, tags: ["x"] })).hits.map(({ text }) => text),
    ).toEqual(["dark mode"]);
    expect(await brain.forget({ bankId, scope: "all" })).toMatchObject({ deletedCount: 2 });
  });

  it("drops what the full text still has and the vector store does not", async () => {
    const { brain, documentStore } = createBrain();
    await documentStore.storeDocument({ id: "ghost", text: "dark mode" }, { bankId });
    expect((await brain.recall("dark mode", { bankId })).hits).toEqual([]);
  });

  const tag = fc.constantFrom("a", "b", "A");
  const day = fc
    .integer({ min: 1, max: 28 })
    .map((n) => toTimestamp(`2026-05-${String(n).padStart(2, "0")}`));
  const memory = fc.record({
    content: fc.constantFrom("dark mode", "light mode", "dark night", "something else"),
    tags: fc.option(fc.array(tag), { nil: undefined }),
    occurredAt: fc.option(day, { nil: undefined }),
    metadata: fc.option(fc.record({ session_id: fc.constantFrom("s1", "s2") }), { nil: undefined }),
  });
  const filters = fc.record({
    tags: fc.option(fc.array(tag), { nil: undefined }),
    factTypes: fc.option(fc.constantFrom<string[]>(["world"], ["experience"]), { nil: undefined }),
    timeRange: fc.option(fc.tuple(day, day), { nil: undefined }),
    sessionId: fc.option(fc.constantFrom("s1", "s3"), { nil: undefined }),
    asOf: fc.option(fc.constantFrom("2026-05-01", "2026-06-02"), { nil: undefined }),
  });

  /** Runs random corpora and filters through a brain; the brain's stores may honour filters or not. */
  const checkSoundness = (create: () => ReturnType<typeof createBrain>["brain"]): Promise<void> =>
    fc.assert(
      fc.asyncProperty(fc.array(memory, { maxLength: 12 }), filters, async (memories, wanted) => {
        const brain = create();
        await brain.retainMany(memories, { bankId });
        const { hits } = await brain.recall("dark mode", { bankId, maxResults: 50, ...wanted });
        const canonical = {
          ...wanted,
          asOf: wanted.asOf === undefined ? undefined : toTimestamp(wanted.asOf),
        };
        for (const hit of hits) expect(matchesFilters(hit, canonical)).toBe(true);
      }),
      { numRuns: 150 },
    );

  it("PIPE-11: returns only hits that satisfy every filter", () =>
    checkSoundness(() => createBrain().brain));

  it("does so also by the searches of the stores", () =>
    checkSoundness(() => createBrain(bySearches).brain));

  it("does so also when a store ignores filters", () =>
    checkSoundness(() => {
      const { vectorStore, documentStore } = createBrain();
      return createBrain({
        ...bySearches,
        documentStore,
        vectorStore: {
          ...vectorStore,
          searchSimilar: (vector, { filters: _filters, ...options }) =>
            vectorStore.searchSimilar(vector, options),
          listRecentVectors: ({ filters: _filters, ...options }) =>
            vectorStore.listRecentVectors(options),
        },
      }).brain;
    }));
});
