import {
  entityCandidateMatchSchema,
  entitySchema,
  fromWire,
  toTimestamp,
  type Entity,
  type EntityLink,
} from "astrocyte";
import {
  compositeScore,
  nameSimilarity,
  resolutionOptions,
  resolutionScore,
  resolveAliases,
  resolveCanonical,
  type ResolutionOptions,
} from "astrocyte/pipeline";
import { createInMemoryGraphStore, createScriptedLLM } from "astrocyte/testing";
import * as z from "zod";
import { Corrected, NotMapped, outcomeOf, Projection, type AreaRunner } from "../area-runner.js";
import type { ParityCase } from "../parity-case.js";

const bankId = "b";

/** The reference's names of the options. */
const optionNames: Readonly<Record<string, keyof ResolutionOptions>> = {
  autolink_threshold: "nameThreshold",
  trigram_autolink_threshold: "nameThreshold",
  embedding_autolink_threshold: "embeddingThreshold",
  composite_autolink_threshold: "compositeThreshold",
  composite_threshold: "compositeThreshold",
  skip_threshold: "skipThreshold",
  trigram_threshold: "candidateThreshold",
  confirmation_threshold: "confirmationThreshold",
  max_candidates_per_entity: "maxCandidates",
  enable_llm_disambiguation: "askModel",
  composite_name_weight: "nameWeight",
  composite_cooccurrence_weight: "coOccurrenceWeight",
  composite_temporal_weight: "recencyWeight",
  composite_temporal_window_days: "recencyWindowDays",
  mention_count_bonus_cap: "mentionBonus",
  mention_count_saturation: "mentionSaturation",
};

const tierNames = {
  name: "trigram_autolink",
  embedding: "embedding_autolink",
  composite: "composite_autolink",
} as const;

const configSchema = z.record(z.string(), z.union([z.number(), z.boolean()]));

/** The options, or undefined when one of them has no counterpart. */
function optionsOf(config: z.infer<typeof configSchema>): Partial<ResolutionOptions> | undefined {
  const entries = Object.entries(config).map(
    ([name, value]) => [optionNames[name], value] as const,
  );
  return entries.every(([name]) => name !== undefined) ? Object.fromEntries(entries) : undefined;
}

const unknownOption = new NotMapped("an option that has no counterpart");

function similarity(input: unknown): unknown {
  const { a, b } = z.object({ a: z.string(), b: z.string() }).parse(input);
  const actual = { similarity: nameSimilarity(a, b) };
  if (a.trim() !== "" || b.trim() !== "") return actual;
  return new Corrected(actual, { similarity: 0 }, "05 section 9.4: a blank name names nobody");
}

const scoreInput = z.object({
  config: configSchema,
  event_date: z.string().nullish(),
  match: z.record(z.string(), z.unknown()),
  nearby_names: z.array(z.string()),
});

function score(input: unknown): unknown {
  const given = scoreInput.parse(input);
  const options = optionsOf(given.config);
  if (options === undefined) return unknownOption;
  const entity = { id: "e", name: "n", entity_type: "PERSON" };
  const match = fromWire(entityCandidateMatchSchema, { entity, ...given.match });
  const settings = resolutionOptions(options);
  const eventDate = given.event_date === null ? undefined : given.event_date;
  const composite = compositeScore(
    match,
    given.nearby_names,
    eventDate === undefined ? undefined : toTimestamp(eventDate),
    settings,
  );
  const { score: decided, tier } = resolutionScore(match, composite, settings);
  return { composite, score: decided, tier: tier === undefined ? null : tierNames[tier] };
}

const storedSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  type: z.string().default("PERSON"),
});
const worldInput = z.object({
  co_occurs: z.array(z.tuple([z.string(), z.string()])).default([]),
  config: configSchema.default({}),
  event_date: z.string().nullish(),
  existing: z.array(storedSchema),
  new: z.array(storedSchema).default([]),
  llm_response: z.string().nullish(),
});

function entityOf({ type, ...given }: z.infer<typeof storedSchema>): Entity {
  return fromWire(entitySchema, { ...given, entity_type: type });
}

async function worldOf(input: unknown) {
  const given = worldInput.parse(input);
  const graphStore = createInMemoryGraphStore();
  await graphStore.storeEntities(given.existing.map(entityOf), { bankId });
  await graphStore.storeLinks(
    given.co_occurs.map(([entityA, entityB]) => ({
      entityA,
      entityB,
      linkType: "co_occurs",
      evidence: "",
      confidence: 1,
    })),
    { bankId },
  );
  const options = optionsOf(given.config);
  const date = given.event_date ?? undefined;
  const eventDate = date === undefined ? undefined : toTimestamp(date);
  return { given, graphStore, options, eventDate, entities: given.new.map(entityOf) };
}

function linkOf({ entityA, entityB, linkType, evidence, confidence }: EntityLink): object {
  return { entity_a: entityA, entity_b: entityB, link_type: linkType, evidence, confidence };
}

const linksSchema = z.object({
  links: z.array(z.looseObject({ confidence: z.number() })),
  llm_calls: z.int(),
});

/** What is joined without the model gives its evidence in words of our own. */
function withoutWording(links: readonly object[], calls: number): unknown {
  return calls === 0 ? links.map((link) => ({ ...link, evidence: undefined })) : links;
}

async function resolve({ input, expected }: ParityCase): Promise<unknown> {
  const { given, graphStore, options, eventDate, entities } = await worldOf(input);
  if (options === undefined) return unknownOption;
  const response = given.llm_response ?? new Error("down");
  const llm = createScriptedLLM({ responses: Array.from({ length: 20 }, () => response) });
  const context = { graphStore, llm, eventDate, options };
  const { value } = await resolveAliases(entities, context, { bankId });
  const recorded = linksSchema.parse(expected);
  const calls = llm.calls.length;
  return new Projection(
    { links: withoutWording(value.map(linkOf), calls), llm_calls: calls },
    { links: withoutWording(recorded.links, recorded.llm_calls), llm_calls: recorded.llm_calls },
  );
}

async function canonical({ input }: ParityCase): Promise<unknown> {
  const { given, graphStore, options, eventDate, entities } = await worldOf(input);
  if (options === undefined) return unknownOption;
  const context = { graphStore, eventDate, options };
  const resolved = await resolveCanonical(entities, context, { bankId });
  const taken = new Set(resolved.canonicalIds.values());
  const counted = resolved.entities.filter(({ id }) => taken.has(id));
  await graphStore.storeEntities(counted, { bankId });
  const stored = await graphStore.queryEntities("", { bankId, limit: 100 });
  const ids = new Set(given.existing.map(({ id }) => id));
  return {
    ids: entities.map(({ id }) => resolved.canonicalIds.get(id) ?? id),
    mention_counts: Object.fromEntries(
      stored.filter(({ id }) => ids.has(id)).map(({ id, mentionCount }) => [id, mentionCount]),
    ),
    remap: Object.fromEntries(resolved.canonicalIds),
  };
}

const candidatesInput = z.object({
  name: z.string(),
  trigram_threshold: z.number().optional(),
  limit: z.int().optional(),
  name_embedding: z.array(z.number()).nullish(),
});

async function candidates({ input }: ParityCase): Promise<unknown> {
  const { graphStore } = await worldOf(input);
  const given = candidatesInput.parse(input);
  const matches = await graphStore.findEntityCandidatesScored(given.name, {
    bankId,
    trigramThreshold: given.trigram_threshold,
    nameEmbedding: given.name_embedding ?? undefined,
    limit: given.limit,
  });
  return {
    matches: matches.map((match) => ({
      id: match.entity.id,
      name_similarity: match.nameSimilarity,
      embedding_similarity: match.embeddingSimilarity,
      co: match.coOccurringNames,
    })),
  };
}

function construct(input: unknown): unknown {
  const { config } = z.object({ config: configSchema }).parse(input);
  const options = optionsOf(config);
  if (options === undefined) return unknownOption;
  return outcomeOf(() => typeof resolutionOptions(options) === "object");
}

/** Which names stand for one entity. */
export const entityResolution: AreaRunner = {
  area: "entity_resolution",
  run: (parityCase) => {
    switch (parityCase.category) {
      case "name_similarity":
        return similarity(parityCase.input);
      case "composite":
        return score(parityCase.input);
      case "ctor":
        return construct(parityCase.input);
      case "resolve":
        return resolve(parityCase);
      case "canonical":
        return canonical(parityCase);
      case "candidates":
        return candidates(parityCase);
      default:
        return new NotMapped(`no counterpart of ${parityCase.fn}`);
    }
  },
};
