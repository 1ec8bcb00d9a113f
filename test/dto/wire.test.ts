import assert from "node:assert/strict";
import * as astrocyte from "astrocyte";
import { fromWire, InvalidArgumentError, toWire } from "astrocyte";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { arbitraryOf } from "./schema-arbitrary.js";

function unwrapped(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodReadonly ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}

/** The portable fields of every shape, as the specification spells them; a trailing `+` marks one of our own. */
const fields: Readonly<Record<string, string>> = {
  accessGrantSchema: "bank_id principal permissions",
  actorIdentitySchema: "type id claims",
  astrocyteContextSchema: "principal actor on_behalf_of tenant_id",
  completionSchema: "text model usage tool_calls",
  contentPartSchema: "type text image_url image_base64 audio_url audio_base64 media_type",
  dispositionsSchema: "skepticism literalism empathy",
  documentFiltersSchema: "tags metadata_filters",
  documentHitSchema: "document_id text score metadata",
  documentSchema: "id text metadata tags",
  engineCapabilitiesSchema:
    "supports_reflect supports_forget supports_semantic_search supports_keyword_search supports_graph_search " +
    "supports_temporal_search supports_dispositions supports_consolidation supports_entities supports_tags " +
    "supports_metadata supports_compile max_retain_bytes max_recall_results max_embedding_dims",
  entityCandidateMatchSchema:
    "entity name_similarity embedding_similarity co_occurring_names last_seen mention_count",
  entityLinkSchema: "entity_a entity_b link_type evidence confidence created_at metadata",
  entitySchema: "id name entity_type aliases metadata embedding mention_count",
  forgetRequestSchema: "bank_id memory_ids tags before_date scope",
  forgetReceiptSchema:
    "vectors+ documents+ graph+ observations+ verified+ needs_compaction+ erased+",
  forgetResultSchema: "deleted_count archived_count receipt+",
  graphHitSchema: "memory_id text connected_entities depth score",
  healthStatusSchema: "healthy message latency_ms last_check_at",
  hitExplanationSchema: "strategies+ fused_score+ boosts+ signs+ filters+",
  httpClientContextSchema: "proxy ca_bundle headers timeouts",
  legalHoldSchema: "bank_id hold_id reason set_by set_at",
  llmCapabilitiesSchema:
    "supports_multimodal_completion modalities_supported supports_multimodal_embedding supports_batch_embed",
  memoryEntityAssociationSchema: "memory_id entity_id",
  memoryHitSchema:
    "text score fact_type metadata tags occurred_at source memory_id bank_id memory_layer utility_score retained_at " +
    "chunk_id strategies+ explanation+",
  memoryLinkSchema:
    "source_memory_id target_memory_id link_type evidence confidence weight created_at metadata",
  mentalModelDraftSchema:
    "model_id title content scope kind source_ids structured_doc source_timestamps",
  mentalModelSchema:
    "model_id bank_id title content scope source_ids revision refreshed_at kind structured_doc source_timestamps",
  messageSchema: "role content tool_calls tool_call_id name",
  modelUsageSchema: "input_tokens output_tokens calls+",
  pipelineSpecSchema: "version preset chunker dedup rerank reflect temporal_half_life_days",
  recallRequestSchema:
    "query bank_id max_results max_tokens fact_types tags time_range include_sources layer_weights detail_level " +
    "external_context as_of query_reference_date dispositions session_id",
  recallResultSchema:
    "hits total_available truncated trace authority_context top_semantic_score usage+",
  recallTraceSchema:
    "strategies_used total_candidates fusion_method latency_ms strategy_timings_ms strategy_candidate_counts tier_used " +
    "layer_distribution cache_hit wiki_tier_used failures+ stage_timings_ms+ time_range+",
  reflectRequestSchema:
    "query bank_id max_tokens include_sources dispositions tags as_of query_reference_date",
  reflectResultSchema: "answer confidence sources observations authority_context usage+",
  retainRequestSchema:
    "content bank_id metadata tags occurred_at source content_type extraction_profile mip_pipeline mip_rule_name",
  retainResultSchema:
    "stored memory_id memory_ids+ deduplicated error retention_action curated memory_layer usage+",
  tokenUsageSchema: "input_tokens output_tokens",
  toolCallSchema: "id name arguments",
  toolDefinitionSchema: "name description parameters",
  transportCapabilitiesSchema:
    "supports_proxy supports_custom_ca supports_client_cert supports_headers",
  vectorFiltersSchema: "bank_id tags fact_types time_range metadata_filters as_of session_id",
  vectorHitSchema:
    "id text score metadata tags fact_type occurred_at memory_layer retained_at chunk_id",
  vectorItemSchema:
    "id bank_id vector text metadata tags fact_type occurred_at memory_layer retained_at chunk_id",
};

// A configuration keeps its snake_case keys in memory, so it has no other wire form.
const shapes = Object.entries(astrocyte)
  .filter(([name]) => name.endsWith("Schema") && !/config/i.test(name))
  .flatMap(([name, schema]): [string, z.ZodObject, z.ZodType][] => {
    if (!(schema instanceof z.ZodType)) return [];
    const object = unwrapped(schema);
    return object instanceof z.ZodObject ? [[name, object, schema]] : [];
  });

/** The keys of all declared shapes within a wire value; those of maps are data. */
function shapeKeys(schema: z.ZodType, value: unknown): string[] {
  if (value === null || typeof value !== "object") return [];
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  ) {
    return shapeKeys(schema.unwrap() as z.ZodType, value);
  }
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((item) => shapeKeys(schema.element as z.ZodType, item));
  }
  if (schema instanceof z.ZodUnion) {
    return schema.options.flatMap((option) => shapeKeys(option as z.ZodType, value));
  }
  if (!(schema instanceof z.ZodObject)) return [];
  const byName = new Map(
    Object.entries(schema.shape as Record<string, z.ZodType>).map(([key, field]) => [
      key.replaceAll(/[A-Z]/g, "_$&").toLowerCase(),
      field,
    ]),
  );
  return Object.entries(value).flatMap(([key, item]) => {
    const field = byName.get(key);
    return field === undefined ? [key] : [key, ...shapeKeys(field, item)];
  });
}

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

it("finds the exported shapes", () => {
  expect(shapes.length).toBeGreaterThan(30);
});

describe.each(shapes)("%s", (name, object, schema) => {
  it("has the fields of the specification", () => {
    const names = (fields[name] ?? "not listed in this test").split(" ");
    const filled = toWireKeys(object);
    expect(filled).toEqual(names.map((field) => field.replace("+", "")).toSorted());
  });

  it("comes back from the wire as it was", () => {
    fc.assert(
      fc.property(arbitraryOf(schema), (value) => {
        const wire = throughJson(toWire(schema, value));
        // toStrictEqual takes an own key `constructor` for the class.
        assert.deepEqual(fromWire(schema, wire), schema.parse(value));
      }),
    );
  });

  it("is snake_case on the wire, without nulls and unset fields", () => {
    fc.assert(
      fc.property(arbitraryOf(schema), (value) => {
        const wire = toWire(schema, value);
        for (const key of shapeKeys(schema, wire))
          expect(key).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
        expect(Object.values(wire ?? {})).not.toContain(null);
        expect(Object.values(wire ?? {})).not.toContain(undefined);
      }),
    );
  });

  it("ignores unknown keys and reads null as absent", () => {
    fc.assert(
      fc.property(arbitraryOf(schema), (value) => {
        const wire = throughJson(toWire(schema, value)) as Record<string, unknown>;
        const absent = toWireKeys(object).filter((key) => !Object.hasOwn(wire, key));
        const noisy: unknown = {
          ...Object.fromEntries(absent.map((key) => [key, null])),
          ...wire,
          unknownKey: { deep: [1] },
          unknown_key: "x",
          constructor: "x",
          prototype: {},
          toString: 1,
        };
        const hostile: unknown = JSON.parse(
          JSON.stringify(noisy).replace("{", '{"__proto__":{"polluted":true},'),
        );
        const read = fromWire(schema, hostile);
        assert.deepEqual(read, schema.parse(value));
        expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
      }),
      { numRuns: 30 },
    );
    expect("polluted" in {}).toBe(false);
  });

  it.each([null, undefined, [], "text", 3, true])("refuses %o", (value) => {
    expect(() => fromWire(schema, value)).toThrow(InvalidArgumentError);
  });
});

/** The wire names of a shape's fields, found by writing a value that has them all. */
function toWireKeys(object: z.ZodObject): string[] {
  const shape = object.shape as Record<string, z.ZodType>;
  const every = z.object(
    Object.fromEntries(Object.keys(shape).map((key) => [key, z.literal(true)])),
  );
  const filled = Object.fromEntries(Object.keys(shape).map((key) => [key, true]));
  return Object.keys(toWire(every, filled) as object).toSorted();
}

describe("the specification's example", () => {
  const example = {
    hits: [
      {
        text: "Alice prefers tea",
        score: 0.1327,
        fact_type: "world",
        metadata: { _created_at: "2026-01-02T03:04:05.678000+00:00", k: 1 },
        tags: ["pref"],
        memory_id: "ae07cfdc94e24bfe",
        bank_id: "user-1",
        occurred_at: null,
        retained_at: "2026-01-02T03:04:05.678901+00:00",
      },
    ],
    total_available: 2,
    truncated: false,
    authority_context: null,
    top_semantic_score: 0.5,
    trace: {
      strategies_used: ["semantic", "keyword", "temporal"],
      total_candidates: 5,
      fusion_method: "rrf",
      strategy_candidate_counts: { semantic: 2, keyword: 1, temporal: 2 },
    },
  };

  it("is read", () => {
    const { hits, trace, ...rest } = fromWire(astrocyte.recallResultSchema, example);
    expect(rest).toStrictEqual({ totalAvailable: 2, truncated: false, topSemanticScore: 0.5 });
    expect(hits[0]).toStrictEqual({
      text: "Alice prefers tea",
      score: 0.1327,
      factType: "world",
      metadata: { _created_at: "2026-01-02T03:04:05.678000+00:00", k: 1 },
      tags: ["pref"],
      memoryId: "ae07cfdc94e24bfe",
      bankId: "user-1",
      retainedAt: "2026-01-02T03:04:05.678901+00:00",
    });
    expect(trace?.strategyCandidateCounts).toStrictEqual({ semantic: 2, keyword: 1, temporal: 2 });
  });

  it("is written again as it was, without the nulls", () => {
    const { authority_context: _none, ...written } = example;
    const [{ occurred_at: _undated, ...hit } = {}] = example.hits;
    const read = fromWire(astrocyte.recallResultSchema, example);
    expect(toWire(astrocyte.recallResultSchema, read)).toStrictEqual({ ...written, hits: [hit] });
  });

  it("has time ranges as pairs", () => {
    const request = fromWire(astrocyte.recallRequestSchema, {
      query: "q",
      bank_id: "b",
      time_range: ["2026-01-01T00:00:00Z", "2026-01-31T23:59:59"],
    });
    expect(request.timeRange).toEqual(["2026-01-01T00:00:00+00:00", "2026-01-31T23:59:59+00:00"]);
    expect(toWire(astrocyte.recallRequestSchema, request)).toMatchObject({
      time_range: ["2026-01-01T00:00:00+00:00", "2026-01-31T23:59:59+00:00"],
    });
  });
});

describe("keys of maps", () => {
  const names = { camelCase: 1, snake_case: 2, bankId: 3, "X-Key": 4, constructor: 5, lc: 6 };
  const words = Object.fromEntries(Object.keys(names).map((key) => [key, "x"]));

  it.each<[string, z.ZodType, Record<string, unknown>, string]>([
    ["metadata", astrocyte.documentSchema, { id: "a", text: "x" }, "metadata"],
    ["metadata filters", astrocyte.vectorFiltersSchema, {}, "metadata_filters"],
    ["tool arguments", astrocyte.toolCallSchema, { id: "1", name: "n" }, "arguments"],
    [
      "tool parameters",
      astrocyte.toolDefinitionSchema,
      { name: "n", description: "d" },
      "parameters",
    ],
    ["timeouts", astrocyte.httpClientContextSchema, {}, "timeouts"],
    ["layer weights", astrocyte.recallRequestSchema, { query: "q", bank_id: "b" }, "layer_weights"],
    ["strategy timings", astrocyte.recallTraceSchema, {}, "strategy_timings_ms"],
  ])("stay as they are in %s", (_what, schema, rest, field) => {
    const wire = { ...rest, [field]: names };
    expect(toWire(schema, fromWire(schema, wire))).toMatchObject(wire);
  });

  it("stay as they are in headers and claims", () => {
    const context = fromWire(astrocyte.httpClientContextSchema, { headers: words });
    expect(context.headers).toStrictEqual(words);
    const actor = fromWire(astrocyte.actorIdentitySchema, { type: "user", id: "a", claims: words });
    expect(actor.claims).toStrictEqual(words);
  });

  it("stay as they are deep in tool arguments, nulls included", () => {
    const call = {
      id: "1",
      name: "n",
      arguments: { outerKey: { innerKey: [{ leafKey: null }], inner_key: null }, nothing: null },
    };
    expect(fromWire(astrocyte.toolCallSchema, call)).toStrictEqual(call);
    expect(toWire(astrocyte.toolCallSchema, call)).toStrictEqual(call);
  });

  it("stay as they are around shapes, whose own keys are renamed", () => {
    const schema = z.object({ byName: z.record(z.string(), z.object({ mentionCount: z.int() })) });
    const wire = { by_name: { someName: { mention_count: 1 }, some_name: { mention_count: 2 } } };
    const read = { byName: { someName: { mentionCount: 1 }, some_name: { mentionCount: 2 } } };
    expect(fromWire(schema, wire)).toStrictEqual(read);
    expect(toWire(schema, read)).toStrictEqual(wire);
    expect(() => fromWire(schema, { by_name: { someName: { mention_count: "x" } } })).toThrow(
      "by_name.someName.mention_count: ",
    );
  });

  it("never reach a prototype", () => {
    const hostile = '{"__proto__":{"polluted":1},"nested":{"__proto__":{"polluted":1}}}';
    const call = fromWire(
      astrocyte.toolCallSchema,
      JSON.parse(`{"id":"1","name":"n","arguments":${hostile}}`),
    );
    expect(Object.getPrototypeOf(call.arguments)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(call.arguments["nested"])).toBe(Object.prototype);
    expect("polluted" in call.arguments).toBe(false);
    const context = fromWire(
      astrocyte.httpClientContextSchema,
      JSON.parse('{"headers":{"__proto__":"x","A":"y"}}'),
    );
    expect(context.headers).toStrictEqual({ A: "y" });
    expect("polluted" in {}).toBe(false);
  });
});

describe("messages of bad values", () => {
  it.each<[z.ZodType, unknown, string]>([
    [
      astrocyte.recallResultSchema,
      {
        hits: [{ text: "x", score: 1, occurred_at: "soon" }],
        total_available: 1,
        truncated: false,
      },
      "hits[0].occurred_at: not an ISO 8601 date",
    ],
    [
      astrocyte.recallResultSchema,
      { hits: [], total_available: 1.5, truncated: false },
      "total_available: ",
    ],
    [astrocyte.recallRequestSchema, { query: "q", bankId: "b" }, "bank_id: "],
    [astrocyte.recallRequestSchema, { query: "q", bank_id: null }, "bank_id: "],
    [
      astrocyte.recallRequestSchema,
      { query: "q", bank_id: "b", time_range: ["2026-01-01", "2026-02-30"] },
      "time_range[1]: not an ISO 8601 date",
    ],
    [
      astrocyte.recallRequestSchema,
      { query: "q", bank_id: "b", layer_weights: { someLayer: "x" } },
      "layer_weights.someLayer: ",
    ],
    [
      astrocyte.recallRequestSchema,
      {
        query: "q",
        bank_id: "b",
        external_context: [{ text: "x", score: 1, metadata: { userName: [] } }],
      },
      "external_context[0].metadata.userName: expected a string, finite number, boolean or null, got array",
    ],
    [
      astrocyte.retainRequestSchema,
      { content: "x", bank_id: "b", mip_pipeline: { version: 1, chunker: { max_size: 0.5 } } },
      "mip_pipeline.chunker.max_size: ",
    ],
    [astrocyte.retainRequestSchema, { content: "x", bank_id: "b", tags: ["a", null] }, "tags[1]: "],
    [astrocyte.engineCapabilitiesSchema, { max_retain_bytes: "1" }, "max_retain_bytes: "],
    [
      astrocyte.retainRequestSchema,
      JSON.parse('{"content":"x","bank_id":"b","metadata":{"__proto__":1}}'),
      'metadata.__proto__: the key "__proto__" is not allowed',
    ],
  ])("name the path as the wire spells it (%#)", (schema, wire, message) => {
    const run = (): unknown => fromWire(schema, wire);
    expect(run).toThrow(InvalidArgumentError);
    expect(run).toThrow(message);
  });

  it("name every problem and keep the cause", () => {
    const wire = { id: "", bank_id: "b", vector: [], text: "" };
    const run = (): unknown => fromWire(astrocyte.vectorItemSchema, wire);
    expect(run).toThrow(/^id: .*; text: /);
    expect(run).toThrow(expect.objectContaining({ cause: expect.any(z.ZodError) }));
  });

  it("show no values", () => {
    expect(() =>
      fromWire(astrocyte.retainRequestSchema, {
        content: ["hunter2"],
        bank_id: { hunter2: 1 },
        occurred_at: "hunter2",
      }),
    ).not.toThrow("hunter2");
  });

  it("use the caller's names when writing", () => {
    expect(() => toWire(astrocyte.recallRequestSchema, { query: "q", bankId: 1 })).toThrow(
      /^bankId: /,
    );
  });
});
