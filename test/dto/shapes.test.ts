import * as astrocyte from "astrocyte";
import { InvalidArgumentError, parseShape } from "astrocyte";
import { describe, expect, it } from "vitest";
import type * as z from "zod";

const vectorItem = { id: "m", bankId: "b", vector: [1, 0], text: "x" };
const vectorHit = { id: "m", text: "x", score: 0.5 };
const documentHit = { documentId: "m", text: "x", score: 12.5 };
const memoryHit = { text: "x", score: 0.1 };
const graphHit = { memoryId: "m", text: "", connectedEntities: [], depth: 1, score: 0.1 };
const entity = { id: "e", name: "Ana", entityType: "PERSON" };
const recallRequest = { query: "q", bankId: "b" };
const recallResult = { hits: [], totalAvailable: 0, truncated: false };
const grant = { bankId: "*", principal: "*" };

describe("shapes accept", () => {
  it.each<[string, z.ZodType, object]>([
    ["a vector item", astrocyte.vectorItemSchema, vectorItem],
    ["a vector item without embedding", astrocyte.vectorItemSchema, { ...vectorItem, vector: [] }],
    ["a zero score", astrocyte.vectorHitSchema, { ...vectorHit, score: 0 }],
    ["an unbounded full-text score", astrocyte.documentHitSchema, documentHit],
    ["a graph hit without text", astrocyte.graphHitSchema, graphHit],
    ["dispositions at both ends", astrocyte.dispositionsSchema, { skepticism: 1, empathy: 5 }],
    ["an open entity type", astrocyte.entitySchema, { ...entity, entityType: "SPACESHIP" }],
    ["an open fact type", astrocyte.memoryHitSchema, { ...memoryHit, factType: "opinion" }],
    [
      "every permission",
      astrocyte.accessGrantSchema,
      { ...grant, permissions: ["read", "write", "forget", "admin", "*"] },
    ],
    ["a grant of nothing", astrocyte.accessGrantSchema, { ...grant, permissions: [] }],
  ])("%s", (_what, schema, value) => {
    expect(() => parseShape(schema, value, "value")).not.toThrow();
  });
});

describe("shapes refuse", () => {
  it.each<[string, z.ZodType, object, path: string]>([
    ["an empty text", astrocyte.vectorItemSchema, { ...vectorItem, text: "" }, "text"],
    ["a missing text", astrocyte.vectorItemSchema, { ...vectorItem, text: undefined }, "text"],
    ["an empty id", astrocyte.vectorItemSchema, { ...vectorItem, id: "" }, "id"],
    ["an empty bank", astrocyte.vectorItemSchema, { ...vectorItem, bankId: "" }, "bankId"],
    [
      "NaN in a vector",
      astrocyte.vectorItemSchema,
      { ...vectorItem, vector: [0, NaN] },
      "vector[1]",
    ],
    [
      "infinity in a vector",
      astrocyte.vectorItemSchema,
      { ...vectorItem, vector: [Infinity] },
      "vector[0]",
    ],
    [
      "a Date for a timestamp",
      astrocyte.vectorItemSchema,
      { ...vectorItem, occurredAt: new Date(0) },
      "occurredAt",
    ],
    ["a negative score", astrocyte.vectorHitSchema, { ...vectorHit, score: -0.01 }, "score"],
    ["a NaN score", astrocyte.vectorHitSchema, { ...vectorHit, score: NaN }, "score"],
    ["an infinite score", astrocyte.vectorHitSchema, { ...vectorHit, score: Infinity }, "score"],
    ["a NaN full-text score", astrocyte.documentHitSchema, { ...documentHit, score: NaN }, "score"],
    ["a NaN memory score", astrocyte.memoryHitSchema, { ...memoryHit, score: NaN }, "score"],
    ["a disposition of 0", astrocyte.dispositionsSchema, { skepticism: 0 }, "skepticism"],
    ["a disposition of 6", astrocyte.dispositionsSchema, { literalism: 6 }, "literalism"],
    ["a disposition of 2.5", astrocyte.dispositionsSchema, { empathy: 2.5 }, "empathy"],
    [
      "half a result",
      astrocyte.recallRequestSchema,
      { ...recallRequest, maxResults: 1.5 },
      "maxResults",
    ],
    [
      "half a token",
      astrocyte.recallRequestSchema,
      { ...recallRequest, maxTokens: 0.5 },
      "maxTokens",
    ],
    [
      "text for an integer",
      astrocyte.recallRequestSchema,
      { ...recallRequest, maxResults: "10" },
      "maxResults",
    ],
    [
      "an unknown detail level",
      astrocyte.recallRequestSchema,
      { ...recallRequest, detailLevel: "all" },
      "detailLevel",
    ],
    [
      "half a time range",
      astrocyte.recallRequestSchema,
      { ...recallRequest, timeRange: ["2026-01-01"] },
      "timeRange",
    ],
    [
      "a third end of a time range",
      astrocyte.recallRequestSchema,
      { ...recallRequest, timeRange: ["2026-01-01", "2026-01-02", "2026-01-03"] },
      "timeRange",
    ],
    [
      "half a count",
      astrocyte.recallResultSchema,
      { ...recallResult, totalAvailable: 0.5 },
      "totalAvailable",
    ],
    ["half a depth", astrocyte.graphHitSchema, { ...graphHit, depth: 0.5 }, "depth"],
    ["half a mention", astrocyte.entitySchema, { ...entity, mentionCount: 1.5 }, "mentionCount"],
    ["half a deletion", astrocyte.forgetResultSchema, { deletedCount: 0.5 }, "deletedCount"],
    [
      "half a token used",
      astrocyte.tokenUsageSchema,
      { inputTokens: 1, outputTokens: 1.5 },
      "outputTokens",
    ],
    ["an unsafe integer", astrocyte.forgetResultSchema, { deletedCount: 2 ** 53 }, "deletedCount"],
    [
      "an unknown permission",
      astrocyte.accessGrantSchema,
      { ...grant, permissions: ["read", "own"] },
      "permissions[1]",
    ],
    [
      "a permission in capitals",
      astrocyte.accessGrantSchema,
      { ...grant, permissions: ["READ"] },
      "permissions[0]",
    ],
    ["no permissions", astrocyte.accessGrantSchema, grant, "permissions"],
    ["an unknown role", astrocyte.messageSchema, { role: "robot", content: "x" }, "role"],
    ["an unknown part", astrocyte.contentPartSchema, { type: "video_url" }, "type"],
    [
      "a half-life of zero",
      astrocyte.pipelineSpecSchema,
      { version: 1, temporalHalfLifeDays: 0 },
      "temporalHalfLifeDays",
    ],
    [
      "six promoted keys",
      astrocyte.pipelineSpecSchema,
      { version: 1, reflect: { promoteMetadata: ["a", "b", "c", "d", "e", "f"] } },
      "reflect.promoteMetadata",
    ],
    ["a nested health value", astrocyte.healthStatusSchema, { healthy: "yes" }, "healthy"],
  ])("%s", (_what, schema, value, path) => {
    const run = (): unknown => parseShape(schema, value, "value");
    expect(run).toThrow(InvalidArgumentError);
    expect(run).toThrow(`value: ${path}: `);
  });

  it.each([null, undefined, "text", 3, []])("%o in place of a shape", (value) => {
    expect(() => parseShape(astrocyte.retainRequestSchema, value, "RetainRequest")).toThrow(
      /^RetainRequest: /,
    );
  });
});

describe("shapes fill in", () => {
  it.each<[string, z.ZodType, object, object]>([
    [
      "dispositions",
      astrocyte.dispositionsSchema,
      {},
      { skepticism: 3, literalism: 3, empathy: 3 },
    ],
    [
      "a retain request",
      astrocyte.retainRequestSchema,
      { content: "x", bankId: "b" },
      { content: "x", bankId: "b", contentType: "text" },
    ],
    [
      "a retain result",
      astrocyte.retainResultSchema,
      { stored: true },
      { stored: true, deduplicated: false, curated: false },
    ],
    [
      "a recall request",
      astrocyte.recallRequestSchema,
      recallRequest,
      { ...recallRequest, maxResults: 10, includeSources: false },
    ],
    [
      "a recall result",
      astrocyte.recallResultSchema,
      recallResult,
      { ...recallResult, topSemanticScore: 0 },
    ],
    ["a recall trace", astrocyte.recallTraceSchema, {}, {}],
    [
      "a reflect request",
      astrocyte.reflectRequestSchema,
      recallRequest,
      { ...recallRequest, includeSources: true },
    ],
    ["a reflect result", astrocyte.reflectResultSchema, { answer: "a" }, { answer: "a" }],
    ["a forget request", astrocyte.forgetRequestSchema, { bankId: "b" }, { bankId: "b" }],
    [
      "a forget result",
      astrocyte.forgetResultSchema,
      { deletedCount: 1 },
      { deletedCount: 1, archivedCount: 0 },
    ],
    ["an entity", astrocyte.entitySchema, entity, { ...entity, mentionCount: 1 }],
    [
      "an entity candidate",
      astrocyte.entityCandidateMatchSchema,
      { entity, nameSimilarity: 0.9 },
      {
        entity: { ...entity, mentionCount: 1 },
        nameSimilarity: 0.9,
        coOccurringNames: [],
        mentionCount: 1,
      },
    ],
    [
      "an entity link",
      astrocyte.entityLinkSchema,
      { entityA: "a", entityB: "b", linkType: "works_at" },
      { entityA: "a", entityB: "b", linkType: "works_at", evidence: "", confidence: 1 },
    ],
    [
      "a memory link",
      astrocyte.memoryLinkSchema,
      { sourceMemoryId: "a", targetMemoryId: "b", linkType: "caused_by" },
      {
        sourceMemoryId: "a",
        targetMemoryId: "b",
        linkType: "caused_by",
        evidence: "",
        confidence: 1,
        weight: 1,
      },
    ],
    ["a message", astrocyte.messageSchema, { role: "user" }, { role: "user", content: "" }],
    [
      "LLM capabilities",
      astrocyte.llmCapabilitiesSchema,
      {},
      {
        supportsMultimodalCompletion: false,
        supportsMultimodalEmbedding: false,
        supportsBatchEmbed: true,
      },
    ],
    [
      "transport capabilities",
      astrocyte.transportCapabilitiesSchema,
      {},
      {
        supportsProxy: false,
        supportsCustomCa: false,
        supportsClientCert: false,
        supportsHeaders: false,
      },
    ],
    [
      "engine capabilities",
      astrocyte.engineCapabilitiesSchema,
      {},
      {
        supportsReflect: false,
        supportsForget: false,
        supportsSemanticSearch: true,
        supportsKeywordSearch: false,
        supportsGraphSearch: false,
        supportsTemporalSearch: false,
        supportsDispositions: false,
        supportsConsolidation: false,
        supportsEntities: false,
        supportsTags: false,
        supportsMetadata: true,
        supportsCompile: false,
      },
    ],
  ])("the defaults of %s", (_what, schema, value, expected) => {
    expect(schema.parse(value)).toStrictEqual(expected);
  });

  it("fresh lists, not shared ones", () => {
    const given = { entity, nameSimilarity: 1 };
    astrocyte.entityCandidateMatchSchema.parse(given).coOccurringNames.push("ana");
    expect(astrocyte.entityCandidateMatchSchema.parse(given).coOccurringNames).toEqual([]);
  });
});

it("freezes capabilities", () => {
  expect(Object.isFrozen(astrocyte.engineCapabilitiesSchema.parse({}))).toBe(true);
  expect(Object.isFrozen(astrocyte.llmCapabilitiesSchema.parse({}))).toBe(true);
  expect(Object.isFrozen(astrocyte.transportCapabilitiesSchema.parse({}))).toBe(true);
});

it("makes shapes that can be cloned across threads", () => {
  const item = astrocyte.vectorItemSchema.parse({ ...vectorItem, metadata: { a: null } });
  expect(structuredClone(item)).toStrictEqual(item);
});
