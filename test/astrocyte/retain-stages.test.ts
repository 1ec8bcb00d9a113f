import type { AstrocyteConfigInput } from "astrocyte";
import { describe, expect, it } from "vitest";
import { createBrain } from "./brain.js";
import { createStagedModel } from "./staged-model.js";

const bankId = "user-1";

function configured(config: AstrocyteConfigInput, parts: Parameters<typeof createBrain>[0] = {}) {
  const subject = createBrain({ config, ...parts });
  const list = () => subject.vectorStore.listVectors({ bankId });
  return { ...subject, list };
}

describe("extraction profiles", () => {
  const extraction_profiles = {
    news: {
      content_type: "document",
      chunking_strategy: "sentence",
      chunk_size: 20,
      metadata_mapping: { author: "$.by.name", kind: "news", _created_at: "$.at" },
      tag_rules: [{ contains: "Revenue", tags: ["finance", "mine"] }],
      fact_type: "experience",
      authority_tier: "press",
    },
  };

  it("PIPE-4: prepare a content, and what the caller says wins", async () => {
    const { brain, list } = configured({ extraction_profiles });
    const content = JSON.stringify({ by: { name: "Ann" }, at: "1999-01-01", text: "Revenue grew" });
    await brain.retain(content, {
      bankId,
      extractionProfile: "news",
      tags: ["mine"],
      metadata: { kind: "blog" },
    });
    const items = await list();
    expect(items.length).toBeGreaterThan(1);
    for (const item of items) {
      expect(item).toMatchObject({
        factType: "experience",
        tags: ["mine", "finance"],
        metadata: { author: "Ann", kind: "blog", _created_at: "2026-06-01T00:00:00+00:00" },
      });
      expect(item.metadata).not.toHaveProperty("authority_tier");
    }
  });

  it("PIPE-2: decide how to cut before the content type, and that before the pipeline", async () => {
    const lines = "Ann: Hello there. How are you?\nBob: Fine. And you?";
    const cut = async (options: object, profiles = {}) => {
      const { brain, list } = configured(
        { extraction_profiles: profiles },
        { pipeline: { maxChunkSize: 32, chunkStrategy: "fixed" } },
      );
      await brain.retain(lines, { bankId, ...options });
      const texts = (await list()).map(({ text }) => text);
      return texts.toSorted((a, b) => lines.indexOf(a) - lines.indexOf(b));
    };
    const byFixed = await cut({});
    const byTurns = await cut({ contentType: "conversation" });
    expect(byFixed[0]).toBe(lines.slice(0, 32).trim());
    expect(byTurns).toEqual(lines.split("\n"));
    expect(await cut({ extractionProfile: "builtin_conversation" })).toEqual(byTurns);
    const fixed = { fixed: { chunking_strategy: "fixed" } };
    expect(await cut({ contentType: "conversation", extractionProfile: "fixed" }, fixed)).toEqual(
      byFixed,
    );
    const small = { small: { chunk_size: 16 } };
    expect(
      (await cut({ contentType: "conversation", extractionProfile: "small" }, small)).every(
        (text) => text.length <= 16,
      ),
    ).toBe(true);
  });

  it("that do not exist are reported, and change nothing", async () => {
    const { brain, list, warnings } = configured({});
    expect(await brain.retain("hello", { bankId, extractionProfile: "nwes" })).toMatchObject({
      stored: true,
    });
    expect(warnings).toEqual(["astrocyte.retain.unknown_profile"]);
    expect(await list()).toMatchObject([{ factType: "world" }]);
  });

  it("with a chunking that does not exist are refused by name", () => {
    const bad = { extraction_profiles: { x: { chunking_strategy: "magic" } } };
    expect(() => configured(bad)).toThrow(/extraction_profiles\.x\.chunking_strategy.*magic/);
    expect(() => configured({ structured_fact_extraction: { chunk_strategy: "magic" } })).toThrow(
      /structured_fact_extraction\.chunk_strategy/,
    );
  });
});

describe("the authority of a memory", () => {
  const tiers = { tier_by_bank: { [bankId]: "gold" } };

  it("comes from the profile, else from the bank, and never from the caller", async () => {
    const { brain, list } = configured({
      recall_authority: { enabled: true, ...tiers },
      extraction_profiles: { press: { authority_tier: "press" } },
    });
    const metadata = { authority_tier: "claimed" };
    await brain.retain("one", { bankId, metadata });
    await brain.retain("two", { bankId, metadata, extractionProfile: "press" });
    await brain.retain("three", { bankId: "other", metadata });
    const tiersOf = (await list()).map(({ text, metadata: own }) => [
      text,
      own?.["authority_tier"],
    ]);
    expect(Object.fromEntries(tiersOf)).toEqual({ one: "gold", two: "press" });
  });

  it("is the caller's own affair where tiers are off", async () => {
    const { brain, list } = configured({ recall_authority: tiers });
    await brain.retain("one", { bankId, metadata: { authority_tier: "claimed" } });
    expect(await list()).toMatchObject([{ metadata: { authority_tier: "claimed" } }]);
  });
});

describe("relative dates", () => {
  const options = { bankId, occurredAt: "2026-05-20T10:00:00Z" };
  const resolved = { temporal_phrase: "yesterday", resolved_date: "2026-05-19" };

  it("are resolved from when it happened, unless the caller did so", async () => {
    const { brain, list } = configured({});
    await brain.retain("I saw Ann yesterday", options);
    expect((await list())[0]?.metadata).toMatchObject(resolved);
    await brain.forget({ bankId, scope: "all" });
    await brain.retain("I saw Ann yesterday", { ...options, metadata: { resolved_date: "mine" } });
    expect((await list())[0]?.metadata).toMatchObject({ resolved_date: "mine" });
    expect((await list())[0]?.metadata).not.toHaveProperty("temporal_phrase");
  });

  it("stay open without a date, and in the reference", async () => {
    const { brain, list } = configured({});
    await brain.retain("I saw Ann yesterday", { bankId });
    expect((await list())[0]?.metadata).not.toHaveProperty("resolved_date");
    const reference = configured({}, { pipeline: { preset: "reference" } });
    await reference.brain.retain("I saw Ann yesterday", options);
    expect((await reference.list())[0]?.metadata).not.toHaveProperty("resolved_date");
  });
});

const annAtAcme =
  '[{"name":"Ann Lee","entity_type":"PERSON","aliases":["Annie"]},{"name":"Acme","entity_type":"ORG"}]';

/** What the graph has after the same name was retained twice. */
async function countNames(config: AstrocyteConfigInput) {
  const { llm } = createStagedModel({ entities: annAtAcme });
  const { brain, graphStore } = configured(config, {
    llm,
    pipeline: { preset: "reference", enableEntityExtraction: true },
  });
  await brain.retain("Ann Lee joined Acme", { bankId });
  await brain.retain("Ann Lee left Acme", { bankId });
  const found = await graphStore.queryEntities("ann", { bankId });
  const ids = found.map(({ id }) => id);
  expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  const hits = await graphStore.queryNeighbors(ids.slice(0, 1), { bankId, maxDepth: 2 });
  return { entities: found.length, memories: hits.length };
}

describe("entities", () => {
  it("are the people that metadata names, without a model", async () => {
    const { llm, asked } = createStagedModel({});
    const { brain, graphStore } = configured({}, { llm });
    const { memoryId, usage } = await brain.retain("We met", {
      bankId,
      metadata: { person: "Ann Lee, Bob" },
    });
    const [first] = await graphStore.queryEntities("ann", { bankId });
    expect(first).toMatchObject({ id: "person:ann-lee", name: "Ann Lee" });
    expect(await graphStore.queryNeighbors(["person:bob"], { bankId, maxDepth: 1 })).toMatchObject([
      { memoryId },
    ]);
    expect(await graphStore.queryNeighbors(["person:bob"], { bankId })).toMatchObject([
      { connectedEntities: expect.arrayContaining(["person:ann-lee", "person:bob"]) },
    ]);
    expect(asked).toEqual([]);
    expect(usage).toBeUndefined();
  });

  it.each([
    ["nothing said", {}, undefined, ["entities"]],
    ["off by the profile", {}, "none", []],
    ["from metadata by the profile", {}, "metadata", []],
    ["switched off", { enableEntityExtraction: false }, undefined, []],
    ["on by the profile alone", { enableEntityExtraction: false }, "model", ["entities"]],
  ])("ask a model once a content: %s", async (_name, pipeline, extractionProfile, stages) => {
    const model = createStagedModel({ entities: annAtAcme });
    const { brain } = configured(
      {
        extraction_profiles: {
          none: { entity_extraction: "disabled" },
          metadata: { entity_extraction: "metadata" },
          model: { entity_extraction: true },
        },
      },
      { llm: model.llm, pipeline: { enableEntityExtraction: true, ...pipeline } },
    );
    const { usage } = await brain.retain("Ann Lee joined Acme", { bankId, extractionProfile });
    expect(model.stagesAsked()).toEqual(stages);
    expect(usage).toEqual(
      stages.length === 0 ? undefined : { calls: 1, inputTokens: 10, outputTokens: 2 },
    );
  });

  it("of one name are one, and keep what was known of it", async () => {
    const replies = [annAtAcme, '[{"name":"ann lee","entity_type":"PERSON","aliases":["Lee"]}]'];
    const { llm } = createStagedModel({ entities: () => replies.shift() ?? "[]" });
    const { brain, graphStore } = configured(
      {},
      { llm, pipeline: { enableEntityExtraction: true } },
    );
    await brain.retain("Ann Lee joined Acme", { bankId });
    await brain.retain("ann lee left", { bankId });
    const entities = await graphStore.queryEntities("ann", { bankId });
    expect(entities).toMatchObject([
      { name: "Ann Lee", aliases: ["Annie", "Lee"], mentionCount: 2 },
    ]);
    expect(await graphStore.queryNeighbors(["person:ann-lee"], { bankId })).toHaveLength(2);
  });

  it("get ids of their own in the reference, and are joined by resolution", async () => {
    const off = { enable_llm_disambiguation: false, enabled: true };
    expect(await countNames({})).toEqual({ entities: 2, memories: 1 });
    expect(await countNames({ entity_resolution: off })).toEqual({ entities: 2, memories: 2 });
    expect(await countNames({ entity_resolution: { ...off, canonical_resolution: true } })).toEqual(
      {
        entities: 1,
        memories: 2,
      },
    );
  });

  it("of one content are not linked where that is off", async () => {
    const { brain, graphStore } = configured({ entity_cooccurrence: { enabled: false } });
    await brain.retain("We met", { bankId, metadata: { person: "Ann, Bob" } });
    expect(
      await graphStore.findEntityCandidatesScored("Ann", { bankId, trigramThreshold: 1 }),
    ).toMatchObject([{ coOccurringNames: [] }]);
  });

  it.each<[string, string | Error]>([
    ["fails", new TypeError("down")],
    ["talks nonsense", "I cannot"],
  ])("are none where the model %s, and the content is stored", async (_name, reply) => {
    const { llm } = createStagedModel({ entities: reply });
    const { brain, list, warnings } = configured(
      {},
      { llm, pipeline: { enableEntityExtraction: true } },
    );
    const { stored, usage } = await brain.retain("Ann Lee joined Acme", { bankId });
    expect({ stored, calls: usage?.calls }).toEqual({ stored: true, calls: 1 });
    expect(await list()).toHaveLength(1);
    expect(warnings).toEqual(reply instanceof Error ? ["astrocyte.retain.stage_failed"] : []);
  });

  it("PIPE-23: are put down again when the graph was out and the content is repeated", async () => {
    const { brain, graphStore, warnings } = configured({});
    const { storeEntities } = graphStore;
    graphStore.storeEntities = () => Promise.reject(new Error("down"));
    const options = { bankId, idempotencyKey: "k", metadata: { person: "Ann" } };
    const { stored, memoryId } = await brain.retain("We met", options);
    expect(stored).toBe(true);
    expect(warnings).toEqual(["astrocyte.retain.stage_failed"]);
    graphStore.storeEntities = storeEntities;
    expect(await brain.retain("We met", options)).toMatchObject({ stored: false, memoryId });
    expect(await graphStore.queryNeighbors(["person:ann"], { bankId })).toMatchObject([
      { memoryId },
    ]);
  });

  it("of a content that is forgotten meanwhile are taken out again", async () => {
    const { brain, graphStore } = configured({});
    const { linkMemoriesToEntities } = graphStore;
    graphStore.linkMemoriesToEntities = async (...args) => {
      await brain.forget({ bankId, scope: "all" });
      return linkMemoriesToEntities(...args);
    };
    await brain.retain("We met", { bankId, metadata: { person: "Ann" } });
    expect(await graphStore.queryNeighbors(["person:ann"], { bankId })).toEqual([]);
  });

  it("end with the caller's signal", async () => {
    const controller = new AbortController();
    const { llm } = createStagedModel({
      entities: () => {
        controller.abort(new Error("enough"));
        return "[]";
      },
    });
    const { brain } = configured({}, { llm, pipeline: { enableEntityExtraction: true } });
    const retaining = brain.retain("Ann", { bankId, signal: controller.signal });
    await expect(retaining).rejects.toThrow("enough");
  });
});

describe("links between memories", () => {
  it("lead to the most similar ones of earlier calls", async () => {
    const { brain, graphStore } = configured({
      semantic_link_graph: { enabled: true, similarity_threshold: 0.4, top_k: 1 },
    });
    const [one, two, other] = [
      await brain.retain("alpha beta gamma delta", { bankId }),
      await brain.retain("alpha beta gamma epsilon", { bankId }),
      await brain.retain("nothing of that", { bankId }),
    ];
    const seeds = [one, two, other].map(({ memoryId = "" }) => memoryId);
    expect(await graphStore.findMemoryLinks(seeds, { bankId })).toMatchObject([
      { sourceMemoryId: seeds[1], targetMemoryId: seeds[0], linkType: "semantic" },
    ]);
  });

  it("lead from effect to cause, as a model says", async () => {
    const causes =
      '[{"source_fact_index":1,"target_fact_index":0,"confidence":0.9,"evidence":"so"}]';
    const { llm } = createStagedModel({ causes });
    const { brain, graphStore } = configured(
      { causal_links: { enabled: true } },
      { llm, pipeline: { maxChunkSize: 20 } },
    );
    const { memoryIds = [], usage } = await brain.retain("It rained a lot. So we got wet.", {
      bankId,
    });
    expect(usage?.calls).toBe(1);
    expect(await graphStore.findMemoryLinks(memoryIds, { bankId })).toMatchObject([
      { sourceMemoryId: memoryIds[1], targetMemoryId: memoryIds[0], linkType: "caused_by" },
    ]);
  });
});

describe("facts", () => {
  const facts = JSON.stringify({
    facts: [
      {
        fact_type: "experience",
        who: "Ann",
        occurred_start: "2024-01-20T00:00:00Z",
        entities: [{ name: "Ann", entity_type: "PERSON" }],
      },
      {
        fact_type: "world",
        entities: [{ name: "Fjord Labs", entity_type: "ORG" }],
        causal_relations: [{ target_fact_index: 0, strength: 0.9 }],
      },
    ],
  });
  const content = "Ann moved to Oslo.\n\nShe works at Fjord Labs.";
  const config = { structured_fact_extraction: { enabled: true, chunk_max_size: 30 } };
  const options = { bankId, occurredAt: "2024-02-01", idempotencyKey: "k" };

  it("take the place of the chunks, with their words", async () => {
    const model = createStagedModel({ facts });
    const { brain, vectorStore, graphStore } = configured(config, { llm: model.llm });
    const { memoryIds = [], usage } = await brain.retain(content, options);
    expect(usage?.calls).toBe(1);
    const items = new Map(
      (await vectorStore.getByIds(memoryIds, { bankId })).map((item) => [item.id, item]),
    );
    expect(memoryIds.map((id) => items.get(id))).toMatchObject([
      {
        text: "Ann moved to Oslo.",
        factType: "experience",
        occurredAt: "2024-01-20T00:00:00+00:00",
        metadata: { _fact_who: "Ann" },
      },
      {
        text: "She works at Fjord Labs.",
        factType: "world",
        occurredAt: "2024-02-01T00:00:00+00:00",
      },
    ]);
    expect(
      await graphStore.queryNeighbors(["org:fjord-labs"], { bankId, maxDepth: 1 }),
    ).toMatchObject([{ memoryId: memoryIds[1] }]);
    expect(await graphStore.findMemoryLinks(memoryIds, { bankId })).toMatchObject([
      { sourceMemoryId: memoryIds[1], targetMemoryId: memoryIds[0], confidence: 0.9 },
    ]);
    expect(await brain.retain(content, options)).toMatchObject({ deduplicated: true, memoryIds });
    expect(model.stagesAsked()).toEqual(["facts"]);
    expect(await brain.forget({ bankId, memoryIds: memoryIds.slice(0, 1) })).toMatchObject({
      deletedCount: 2,
      receipt: { verified: true },
    });
  });

  it.each<string | Error>(["not json", new Error("down")])(
    "are done without when the model gives %s",
    async (reply) => {
      const { llm } = createStagedModel({ facts: reply });
      const { brain, list } = configured(config, { llm });
      expect(await brain.retain(content, options)).toMatchObject({ stored: true });
      expect(await list()).toMatchObject([
        { text: content.replace("\n\n", " "), factType: "world" },
      ]);
    },
  );
});
