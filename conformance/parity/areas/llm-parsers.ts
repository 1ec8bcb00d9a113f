import {
  extractCausalPairs,
  isDoneTool,
  judgePremise,
  materialiseFacts,
  normaliseToolName,
  parseEntities,
  parseFacts,
  parseObservationActions,
  parsePremises,
  parseSubQueries,
  verifyPremises,
  type Fact,
} from "astrocyte/pipeline";
import { metadataSchema, toTimestamp } from "astrocyte";
import { createScriptedLLM } from "astrocyte/testing";
import * as z from "zod";
import { Corrected, NotMapped, type AreaRunner } from "../area-runner.js";
import type { ParityCase } from "../parity-case.js";

const reply = z.string().nullish();
const recordSchema = z.record(z.string(), z.unknown());
const textInput = z.object({ text: z.string() });

function fencedRecords(text: string, keys: readonly string[]): Record<string, unknown>[] {
  const whole = text.trim();
  const body = whole.startsWith("```") ? whole.split("\n").slice(1, -1).join("\n") : whole;
  return listedRecords(body, keys);
}

function listedRecords(body: string, keys: readonly string[]): Record<string, unknown>[] {
  try {
    const parsed: unknown = JSON.parse(body);
    const members = recordSchema.safeParse(parsed);
    const list = members.success
      ? keys.map((key) => members.data[key]).find((value) => Array.isArray(value))
      : parsed;
    const items = z.array(z.unknown()).catch([]).parse(list);
    return items.flatMap((item) => {
      const record = recordSchema.safeParse(item);
      return record.success ? [record.data] : [];
    });
  } catch {
    return [];
  }
}

const plainText = z.string().refine((text) => text !== "" && text === text.trim());
const wholeEntity = z.object({
  name: plainText,
  entity_type: plainText.optional(),
  aliases: z.array(plainText).optional(),
});

function trimmed(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}

function entities(input: unknown): unknown {
  const { text } = textInput.parse(input);
  const actual = parseEntities(text).map(({ name, entityType, aliases }) => ({
    name,
    type: entityType,
    aliases,
  }));
  const items = fencedRecords(text, ["entities", "results", "items", "data"]);
  const named = items.filter((item) => "name" in item);
  if (named.every((item) => wholeEntity.safeParse(item).success)) return { result: actual };
  const expected = named
    .filter(({ name }) => trimmed(name) !== "")
    .map(({ name, entity_type: type, aliases }) => ({
      name: trimmed(name),
      type: trimmed(type) || "OTHER",
      aliases: (Array.isArray(aliases) ? aliases : []).map(trimmed).filter((alias) => alias !== ""),
    }));
  return new Corrected(
    { result: actual },
    { result: expected },
    "05 section 9.2: an entity has a name, a type and aliases that are texts",
  );
}

const share = z.number().min(0).max(1).optional();
const wholeAction = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("create"), text: plainText, confidence: share }),
  z.strictObject({
    action: z.literal("update"),
    obs_id: plainText,
    text: plainText,
    confidence: share,
  }),
  z.strictObject({ action: z.literal("delete"), obs_id: plainText }),
]);

/** What an action needs, or undefined when it lacks some of it. */
function neededOf({ action, obs_id: id, text }: Record<string, unknown>): string[] | undefined {
  const needed = {
    create: [trimmed(text)],
    update: [trimmed(id), trimmed(text)],
    delete: [trimmed(id)],
  };
  const values = Object.entries(needed).find(([name]) => name === action)?.[1];
  return values?.includes("") === false ? [String(action), ...values] : undefined;
}

function observationActions(input: unknown): unknown {
  const { text } = textInput.parse(input);
  const found = parseObservationActions(text).map((action) => ({
    action: action.action,
    obs_id: "observationId" in action ? action.observationId : undefined,
    text: "text" in action ? action.text : undefined,
    confidence: "confidence" in action ? action.confidence : undefined,
  }));
  const bare = text.slice(text.indexOf("["), text.lastIndexOf("]") + 1);
  const known = listedRecords(bare, []).filter(({ action }) =>
    ["create", "update", "delete"].some((name) => name === action),
  );
  if (known.every((item) => wholeAction.safeParse(item).success)) return { actions: found };
  return new Corrected(
    found.map(neededOf),
    known.map(neededOf).filter((needed) => needed !== undefined),
    "05 section 9.5: an action names what it needs, and nothing else of it is kept",
  );
}

const premiseInput = z.object({ llm_response: reply, min_confidence: z.number() });

async function premise(input: unknown): Promise<unknown> {
  const given = premiseInput.parse(input);
  const llm = createScriptedLLM({ responses: [given.llm_response ?? new Error("down")] });
  const claim = { claim: "Alice worked at Google", rationale: "" };
  const hits = [{ text: "t", score: 1 }];
  const options = { minConfidence: given.min_confidence };
  const { value } = await judgePremise(llm, claim, hits, options);
  const { supported, confidence, evidenceIds, rationale } = value;
  return { premise: claim, supported, confidence, evidence_ids: evidenceIds, rationale };
}

async function premises(input: unknown): Promise<unknown> {
  const { llm_responses: responses } = z
    .object({ llm_responses: z.array(z.string()) })
    .parse(input);
  const llm = createScriptedLLM({ responses });
  const { value } = await verifyPremises(llm, "Why?", async () => [{ text: "t", score: 1 }]);
  const { shortCircuit } = value;
  return { all_supported: shortCircuit === undefined, short_circuit: shortCircuit };
}

const factsInput = z.object({
  chunks: z.array(z.string()),
  llm_response: reply,
  metadata: metadataSchema.nullish(),
  occurred_at: z.string().nullish(),
  tags: z.array(z.string()).nullish(),
});

function factOf(fact: Fact): unknown {
  return {
    what: fact.text,
    fact_type: fact.factType,
    when: fact.when ?? "N/A",
    where: fact.where ?? "N/A",
    who: fact.who ?? "N/A",
    why: fact.why ?? "N/A",
    occurred_start: fact.occurredStart,
    occurred_end: fact.occurredEnd,
    entities: fact.entities.map(({ name, entityType }) => ({ name, entity_type: entityType })),
    causal_relations: fact.causes.map(({ chunkIndex, strength }) => ({
      target_fact_index: chunkIndex,
      strength,
    })),
  };
}

function materialised(input: unknown): unknown {
  const given = factsInput.parse(input);
  const facts = parseFacts(given.llm_response ?? "", given.chunks);
  const occurred = given.occurred_at ?? undefined;
  const result = materialiseFacts(facts, {
    metadata: given.metadata ?? undefined,
    occurredAt: occurred === undefined ? undefined : toTimestamp(occurred),
  });
  return {
    items: result.memories.map(({ text, factType, memoryLayer, occurredAt, metadata }) => ({
      bank_id: "b",
      tags: given.tags,
      text,
      fact_type: factType,
      memory_layer: memoryLayer,
      occurred_at: occurredAt,
      metadata,
    })),
    entities: result.entities.map(({ id, name, entityType, aliases, metadata, mentionCount }) => ({
      id,
      name,
      entity_type: entityType,
      aliases,
      metadata,
      mention_count: mentionCount,
    })),
    associations: result.associations.map(({ memory, entityId }) => [memory, entityId]),
    links: result.causes.map(({ effect, cause, confidence }) => [
      effect,
      cause,
      "caused_by",
      confidence,
      1,
    ]),
  };
}

/** Recorded values with the offset that a date without one has here. */
function withOffsets(value: unknown): unknown {
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?$/.test(value)) {
    return `${value}+00:00`;
  }
  if (Array.isArray(value)) return value.map(withOffsets);
  const members = recordSchema.safeParse(value);
  if (!members.success) return value;
  return Object.fromEntries(
    Object.entries(members.data).map(([key, item]) => [key, withOffsets(item)]),
  );
}

function inUtc(actual: unknown, expected: unknown): unknown {
  const dated = withOffsets(expected);
  return JSON.stringify(dated) === JSON.stringify(expected)
    ? actual
    : new Corrected(actual, dated, "01 section 1: a date without an offset is in UTC");
}

const graphSchema = z.looseObject({
  entities: z.array(z.looseObject({ id: z.string(), name: z.string() })),
  associations: z.array(z.tuple([z.number(), z.string()])),
});

/** Ids of names of several words are each implementation's own, so that only their equality is compared. */
function withLabels(value: unknown): unknown {
  const { entities: named, associations, ...rest } = graphSchema.parse(value);
  const labels = new Map(
    named
      .filter(({ name }) => !/^[a-z0-9]+$/i.test(name))
      .map(({ id }, index) => [id, `entity ${index}`]),
  );
  return {
    ...rest,
    entities: named.map((entity) => ({ ...entity, id: labels.get(entity.id) ?? entity.id })),
    associations: associations.map(([memory, id]) => [memory, labels.get(id) ?? id]),
  };
}

async function causal(input: unknown): Promise<unknown> {
  const given = z
    .object({
      chunks: z.array(z.string()),
      llm_response: reply,
      min_confidence: z.number().optional(),
      max_pairs_per_fact: z.int().optional(),
    })
    .parse(input);
  const llm = createScriptedLLM({ responses: [given.llm_response ?? new Error("down")] });
  const { value } = await extractCausalPairs(llm, given.chunks, {
    minConfidence: given.min_confidence,
    maxPerEffect: given.max_pairs_per_fact ?? 2,
  });
  return {
    relations: value.map(({ effect, cause, confidence, evidence }) => ({
      source_fact_index: effect,
      target_fact_index: cause,
      confidence,
      evidence,
    })),
  };
}

const notBuilt: Readonly<Record<string, string>> = {
  mip_intent: "routing by rules (MIP) is not built yet",
  audit: "the audit of a bank's gaps is not built yet",
  rewrite: "the rewriting of queries is outside the first releases",
  event_iso: "the extraction of dated events is outside the first releases",
  episodic_tag: "tags of episodes are outside the first releases",
};

function run({ category, input, expected }: ParityCase): unknown {
  switch (category) {
    case "entities":
      return entities(input);
    case "observation_actions":
      return observationActions(input);
    case "premises": {
      const { llm_response: text } = z.object({ llm_response: reply }).parse(input);
      return { premises: parsePremises(text ?? "") };
    }
    case "premise_verify":
      return premise(input);
    case "premise_question":
      return premises(input);
    case "decompose": {
      const given = z.object({ query: z.string(), llm_response: reply }).parse(input);
      return { queries: parseSubQueries(given.query, given.llm_response ?? "") };
    }
    case "tool_name": {
      const { name } = z.object({ name: z.string() }).parse(input);
      return { is_done: isDoneTool(name), normalized: normaliseToolName(name) };
    }
    case "facts_verbatim": {
      const given = factsInput.parse(input);
      const result = parseFacts(given.llm_response ?? "", given.chunks).map(factOf);
      return inUtc({ result }, expected);
    }
    case "materialize":
      return inUtc(withLabels(materialised(input)), withLabels(expected));
    case "causal":
      return causal(input);
    default:
      return new NotMapped(notBuilt[category] ?? `no counterpart of ${category}`);
  }
}

/** What is read out of the replies of models. */
export const llmParsers: AreaRunner = { area: "llm_parsers", run };
