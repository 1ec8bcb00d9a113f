import {
  createdAtKey,
  type AstrocyteOptions,
  type LLMProvider,
  type Message,
  type RecallResult,
} from "astrocyte";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createBrain } from "./brain.js";

const bankId = "user-1";
const presets = ["default", "reference"] as const;
const textsOf = ({ hits }: Pick<RecallResult, "hits">) => hits.map(({ text }) => text);
const outage = () => Promise.reject(new RangeError("outage"));

/** A chat model that answers by what the system prompt begins with, and remembers what it was asked. */
function modelOf(answers: Readonly<Record<string, string | (() => Promise<never>)>>) {
  const asked: string[] = [];
  const llm: LLMProvider = {
    spiVersion: 1,
    name: "scripted",
    capabilities: {
      supportsMultimodalCompletion: false,
      supportsMultimodalEmbedding: false,
      supportsBatchEmbed: true,
    },
    embed: outage,
    complete: async (messages: readonly Message[]) => {
      const content = messages[0]?.content;
      const system = typeof content === "string" ? content : "";
      asked.push(system);
      const answer = Object.entries(answers).find(([opening]) => system.startsWith(opening))?.[1];
      if (typeof answer === "function") return answer();
      return { text: answer ?? "", model: "m", usage: { inputTokens: 7, outputTokens: 3 } };
    },
  };
  return { llm, asked };
}

async function filled(parts: Partial<AstrocyteOptions>, contents: readonly string[]) {
  let created = 0;
  // Ties are ordered by id.
  const createId = () => String((created += 1)).padStart(16, "0");
  const world = createBrain({ createId, ...parts });
  for (const content of contents) {
    await world.brain.retain(content, { bankId });
    world.clock.advance(60_000);
  }
  return world;
}

const notes = [
  "Alice likes green tea",
  "Bob works at Acme",
  "Carol moved to Oslo in May",
  "The quarterly report is due on Friday",
];

describe.each(presets)("the stages of recall, preset %s", (preset) => {
  const pipeline = { preset };

  it("asks no model unless it is told to", async () => {
    const { llm, asked } = modelOf({});
    const { brain } = await filled({ pipeline, llm }, notes);
    const result = await brain.recall("What does Alice like?", { bankId });
    expect(asked).toEqual([]);
    expect(result.usage).toBeUndefined();
    expect(result.trace?.failures).toBeUndefined();
  });

  it("PIPE-16: fuses what the caller brings along, under its filters", async () => {
    const { brain } = await filled({ pipeline }, notes);
    const externalContext = [
      { text: "Alice is allergic to nuts", score: 0.9, tags: ["health"] },
      { text: "Alice has a sister", score: 0.5, memoryId: "other-1" },
    ];
    const { hits, trace } = await brain.recall("Alice", { bankId, externalContext });
    const found = hits.find(({ memoryId }) => memoryId === "other-1");
    expect(found).toMatchObject({ strategies: ["proxy"], text: "Alice has a sister" });
    expect(trace?.strategiesUsed).toContain("proxy");
    expect(hits.some(({ memoryId }) => memoryId?.startsWith("ext-"))).toBe(true);
    const filtered = await brain.recall("Alice", { bankId, externalContext, tags: ["work"] });
    expect(textsOf(filtered)).toEqual(["Alice has a sister"]);
  });

  it("follows the host's reranker, and passes over one that fails", async () => {
    const calls: number[] = [];
    const { brain } = await filled(
      {
        pipeline: { preset, rerankTopK: 3 },
        reranker: (_query, texts) => {
          calls.push(texts.length);
          return texts.map((text) => (text.includes("Oslo") ? 9 : -text.length));
        },
      },
      notes,
    );
    const result = await brain.recall("Carol Alice Bob", { bankId, explain: true });
    expect(calls).toEqual([3]);
    expect(result.hits).toHaveLength(4);
    const scores = result.hits.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(result.hits[0]?.text).toBe(notes[2]);
    expect(result.hits[0]?.explanation?.strategies["reranker"]).toEqual({ rank: 1, score: 9 });
    const plain = await filled({ pipeline }, notes);
    const broken = await filled({ pipeline, reranker: () => [Number.NaN] }, notes);
    const failed = await broken.brain.recall("Carol Alice Bob", { bankId });
    expect(textsOf(failed)).toEqual(
      textsOf(await plain.brain.recall("Carol Alice Bob", { bankId })),
    );
    expect(failed.trace?.failures?.[0]).toMatch(/^reranker: /);
    expect(broken.warnings).toContain("astrocyte.recall.stage_failed");
  });

  it("PIPE-21: takes the time in a query for a filter, by rules or by a model", async () => {
    const analyser = "You find out which stretch of time";
    const range = '{"start_date": "2024-03-01T00:00:00Z", "end_date": "2024-05-31T23:59:59Z"}';
    const { llm, asked } = modelOf({ [analyser]: range });
    const config = { query_analyzer: { enabled: true } };
    const { brain } = createBrain({ pipeline, llm, config });
    await brain.retain("Trip to Rome", { bankId, occurredAt: "2024-04-02" });
    await brain.retain("Trip to Paris", { bankId, occurredAt: "2025-04-02" });
    await brain.retain("Trip to nowhere", { bankId });
    const byRule = await brain.recall("Which trip was in April 2025?", { bankId });
    expect(textsOf(byRule)).toEqual(["Trip to Paris"]);
    expect(byRule.trace?.timeRange?.[0]).toMatch(/^2025-04-01/);
    expect(asked).toEqual([]);
    const byModel = await brain.recall("Which trip was last spring?", { bankId });
    expect(textsOf(byModel)).toEqual(["Trip to Rome"]);
    expect(byModel.usage).toEqual({ calls: 1, inputTokens: 7, outputTokens: 3 });
    const given = await brain.recall("Which trip was in April 2025?", {
      bankId,
      timeRange: ["2024-01-01", "2024-12-31"],
    });
    expect(textsOf(given)).toEqual(["Trip to Rome"]);
    const anchored = await brain.recall("What was last year?", {
      bankId,
      queryReferenceDate: "2026-01-05",
    });
    expect(textsOf(anchored)).toEqual(["Trip to Paris"]);
  });

  it("recalls without a filter when the model that reads the time fails", async () => {
    const { llm } = modelOf({ "You find out which stretch of time": outage });
    const config = { query_analyzer: { enabled: true } };
    const { brain } = await filled({ pipeline, llm, config }, notes);
    const result = await brain.recall("What happened last spring?", { bankId });
    expect(result.hits).toHaveLength(4);
    expect(result.trace?.failures).toEqual(["query_analysis: RangeError"]);
    expect(result.usage?.calls).toBe(1);
  });

  it("PIPE-20: cuts a query into sub-questions when told to and nothing is similar", async () => {
    const opening = "Split the question into";
    const { llm, asked } = modelOf({ [opening]: "Where does Bob work?\nWhere did Carol move?" });
    const options = { preset, enableMultiQueryExpansion: true, enableTemporalRetrieval: false };
    const { brain } = await filled({ pipeline: options, llm }, notes);
    const split = await brain.recall("Compare two careers", { bankId, explain: true });
    expect(asked).toHaveLength(1);
    expect(split.usage).toEqual({ calls: 1, inputTokens: 7, outputTokens: 3 });
    const foundBy = (text: string | undefined) =>
      split.hits.find((hit) => hit.text === text)?.explanation?.strategies;
    expect(foundBy(notes[1])?.["sub_query_1"]).toMatchObject({ rank: 1 });
    expect(foundBy(notes[2])?.["sub_query_2"]).toMatchObject({ rank: 1 });
    await brain.recall("Bob works at Acme", { bankId });
    expect(asked).toHaveLength(1);
    const failing = await filled(
      { pipeline: options, llm: modelOf({ [opening]: outage }).llm },
      notes,
    );
    const failed = await failing.brain.recall("Compare two careers", { bankId });
    expect(failed.hits).toHaveLength(4);
    expect(failed.trace?.failures).toEqual(["multi_query: RangeError"]);
  });

  it("searches for a made-up answer when told to", async () => {
    const { llm, asked } = modelOf({ "Write one or two sentences": "Carol moved to Oslo in May" });
    const options = { preset, enableHyde: true, strategyWeights: { hyde: 5 } };
    const { brain } = await filled({ pipeline: options, llm }, notes);
    const result = await brain.recall("relocation", { bankId });
    expect(asked).toHaveLength(1);
    expect(result.hits[0]).toMatchObject({ text: notes[2] });
    expect(result.hits[0]?.strategies).toContain("hyde");
    expect(result.usage?.calls).toBe(1);
  });

  it("lets a model order the head when told to", async () => {
    const world = createBrain({ pipeline });
    await world.brain.retain(notes[0] ?? "", { bankId });
    const { memoryId = "" } = await world.brain.retain(notes[1] ?? "", { bankId });
    const { llm } = modelOf({
      "You order memories": JSON.stringify({ ranked_ids: ["invented", memoryId] }),
    });
    const { vectorStore, documentStore, embeddings, clock } = world;
    const { brain } = createBrain({
      vectorStore,
      documentStore,
      embeddings,
      clock,
      llm,
      pipeline: { preset, finalRerankMode: "llm_pairwise" },
    });
    const result = await brain.recall("Alice tea", { bankId });
    expect(textsOf(result)).toEqual([notes[1], notes[0]]);
    expect(result.usage?.calls).toBe(1);
  });

  it("groups hits by authority, after the output scan", async () => {
    const config = {
      recall_authority: {
        enabled: true,
        rules_inline: "The law counts most.",
        tiers: [{ id: "law", priority: 1, label: "Law" }],
        tier_by_bank: { statutes: "law" },
      },
      barriers: { pii: { mode: "disabled" as const } },
      dlp: { scan_recall_output: true, output_pii_action: "reject" as const },
    };
    const { brain } = createBrain({ pipeline, config });
    await brain.retain("Tea is taxed", { bankId: "statutes" });
    await brain.retain("Tea from ada@example.com", { bankId: "statutes" });
    const { authorityContext } = await brain.recall("tea", { bankId: "statutes" });
    expect(authorityContext).toContain("The law counts most.");
    expect(authorityContext).toContain("- Tea is taxed");
    expect(authorityContext).not.toContain("ada@");
    const both = await brain.recall("tea", { banks: ["statutes", "notes"] });
    expect(both.authorityContext).toContain("- Tea is taxed");
  });

  it("weighs layers", async () => {
    const { brain } = await filled({ pipeline }, notes);
    const options = { bankId, explain: true, layerWeights: { "": 0.5 } };
    const { hits } = await brain.recall("Alice", options);
    expect(hits[0]?.explanation?.boosts["layers"]).toBeLessThan(0);
  });

  it("stops when the caller does, whatever stage it is in", async () => {
    const stop = new AbortController();
    const { llm } = modelOf({
      "Split the question into": () => {
        stop.abort(new Error("enough"));
        return outage();
      },
    });
    const options = { preset, enableMultiQueryExpansion: true };
    const { brain } = await filled({ pipeline: options, llm }, notes);
    await expect(
      brain.recall("Compare two careers", { bankId, signal: stop.signal }),
    ).rejects.toThrow("enough");
  });
});

async function linked(parts: Partial<AstrocyteOptions>) {
  const world = createBrain(parts);
  const ids: string[] = [];
  for (const content of ["Ana joined the choir", "She sings every Tuesday", "Rain is likely"]) {
    const { memoryId = "" } = await world.brain.retain(content, { bankId });
    ids.push(memoryId);
  }
  const [first = "", second = ""] = ids;
  const { graphStore } = world;
  const ana = { id: "e1", name: "Ana", entityType: "PERSON", mentionCount: 1 };
  await graphStore.storeEntities([ana], { bankId });
  await graphStore.linkMemoriesToEntities(
    [first, second].map((memoryId) => ({ memoryId, entityId: "e1" })),
    { bankId },
  );
  return { ...world, first, second };
}

describe("recall along the graph", () => {
  it("adds the memories of an entity that the query names, by its capitals", async () => {
    const { brain, second } = await linked({});
    const { hits, trace } = await brain.recall("What does Ana do?", { bankId });
    expect(hits.find(({ memoryId }) => memoryId === second)?.strategies).toContain("graph");
    expect(trace?.strategiesUsed).toContain("graph");
    const { trace: plain } = await brain.recall("what about rain", { bankId });
    expect(plain?.strategiesUsed).not.toContain("graph");
    expect(plain?.fusionMethod).toBe("standardised_sum");
  });

  it("lets a model name the entities when told to, and does without when that fails", async () => {
    const opening = "Name the entities";
    const options = { preset: "reference", enableQueryEntityExtraction: true } as const;
    const { llm } = modelOf({ [opening]: '[{"name": "Ana", "entity_type": "PERSON"}]' });
    const { brain, second } = await linked({ llm, pipeline: options });
    const { hits, usage } = await brain.recall("who sings", { bankId });
    expect(hits.find(({ memoryId }) => memoryId === second)?.strategies).toContain("graph");
    expect(usage?.calls).toBe(1);
    const broken = await linked({ llm: modelOf({ [opening]: outage }).llm, pipeline: options });
    const { trace } = await broken.brain.recall("who sings", { bankId });
    expect(trace?.failures).toEqual(["query_entities: RangeError"]);
  });

  it.each(presets)("follows links where the configuration says so, preset %s", async (preset) => {
    const config = { spreading_activation: { enabled: true } };
    const { brain, second, graphStore } = await linked({
      config,
      pipeline: { preset, overfetch: 1, enableTemporalRetrieval: false },
    });
    const { hits } = await brain.recall("choir", { bankId, maxResults: 1 });
    const many = await brain.recall("choir", { bankId, maxResults: 3, explain: true });
    expect(hits).toHaveLength(1);
    expect(many.hits.map(({ memoryId }) => memoryId)).toContain(second);
    graphStore.getEntityIdsForMemories = outage;
    const failed = await brain.recall("choir", { bankId, maxResults: 1 });
    expect(failed.trace?.failures).toEqual(["links: RangeError"]);
  });

  it("never links to what a filter excludes", async () => {
    const config = { spreading_activation: { enabled: true } };
    const { brain } = await linked({ config, pipeline: { preset: "reference" } });
    const { hits } = await brain.recall("Ana", { bankId, asOf: "2020-01-01" });
    expect(hits).toEqual([]);
  });
});

describe("recall of observations", () => {
  it.each(presets)("counts them for broad questions only, preset %s", async (preset) => {
    const pipeline = { preset, enableObservationConsolidation: true } as const;
    const { brain, vectorStore, embeddings } = await filled({ pipeline }, notes);
    const text = "Alice is fond of tea";
    const [vector = []] = await embeddings.embed([text]);
    const retainedAt = "2026-01-01T00:00:00.000000+00:00";
    const observation = { id: "obs-1", bankId: `${bankId}::obs`, text, vector, retainedAt };
    await vectorStore.storeVectors([
      { ...observation, factType: "observation", metadata: { [createdAtKey]: retainedAt } },
    ]);
    const broad = await brain.recall("Tell me about Alice", { bankId });
    expect(textsOf(broad)).toContain(text);
    expect(textsOf(await brain.recall("Where is Alice?", { bankId }))).not.toContain(text);
    const options = { bankId, asOf: "2025-01-01" };
    expect(textsOf(await brain.recall("Tell me about Alice", options))).not.toContain(text);
    const typed = { bankId, factTypes: ["world"] };
    expect(textsOf(await brain.recall("Tell me about Alice", typed))).not.toContain(text);
  });
});

describe("the rules of recall authority", () => {
  it("come from a file, which has to be there", async () => {
    const folder = mkdtempSync(join(tmpdir(), "astrocyte-"));
    const path = join(folder, "rules.md");
    const config = { recall_authority: { enabled: true, rules_path: path } };
    expect(() => createBrain({ config })).toThrow("recall_authority.rules_path");
    writeFileSync(path, "Mind the source.\n");
    const { brain } = createBrain({ config });
    const { authorityContext } = await brain.recall("tea", { bankId });
    expect(authorityContext).toBe("Mind the source.");
  });
});
