import { vectorItemSchema, fromWire, type VectorItem } from "astrocyte";
import { expandLinks, linkScore, semanticLinks } from "astrocyte/pipeline";
import { createInMemoryGraphStore, createInMemoryVectorStore } from "astrocyte/testing";
import * as z from "zod";
import { NotMapped, Projection, type AreaRunner } from "../area-runner.js";
import { recordedItems, writeItems, type RecordedItem } from "./recall/ranked-items.js";

const bankId = "bank";
const expandInput = z.object({
  associations: z.array(z.tuple([z.string(), z.string()])),
  links: z.array(z.tuple([z.string(), z.string(), z.string(), z.number()])),
  memories: z.array(z.looseObject({ id: z.string() })),
  params: z.record(z.string(), z.unknown()),
  seeds: z.array(z.string()),
  tags: z.array(z.string()).nullable(),
});
const paramsSchema = z.strictObject({
  expansion_limit: z.int().optional(),
  entity_overlap_weight: z.number().optional(),
  semantic_weight: z.number().optional(),
  causal_weight: z.number().optional(),
});
const recordedExpansion = z.object({ items: recordedItems });
const scoreInput = z.object({
  causal_total: z.number(),
  entity_overlap: z.number(),
  semantic_total: z.number(),
});
const vectors = z.record(z.string(), z.array(z.number()));
const semanticInput = z.object({
  existing: vectors,
  new: vectors,
  threshold: z.number().optional(),
  top_k: z.int().optional(),
});

function scoreOf(item: RecordedItem): number {
  return Number(item["score"]);
}

/** Equal scores by id, since here their order must not depend on when links were stored. */
function tiesById(items: readonly RecordedItem[]): RecordedItem[] {
  return items.toSorted((a, b) => scoreOf(b) - scoreOf(a) || (a.id < b.id ? -1 : 1));
}

async function expand(input: unknown, expected: unknown): Promise<unknown> {
  const parsed = expandInput.parse(input);
  const { seeds, associations, links, tags } = parsed;
  const params = paramsSchema.safeParse(parsed.params);
  if (!params.success) return new NotMapped(`no counterpart of ${JSON.stringify(parsed.params)}`);
  const graphStore = createInMemoryGraphStore();
  await graphStore.linkMemoriesToEntities(
    associations.map(([memoryId, entityId]) => ({ memoryId, entityId })),
    { bankId },
  );
  await graphStore.storeMemoryLinks(
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
  const stored = new Map<string, VectorItem>(
    parsed.memories.map((memory) => [
      memory.id,
      fromWire(vectorItemSchema, {
        bank_id: bankId,
        vector: [],
        text: `text ${memory.id}`,
        ...memory,
      }),
    ]),
  );
  const find = (ids: readonly string[]) =>
    Promise.resolve(new Map([...stored].filter(([id]) => ids.includes(id))));
  const found = await expandLinks(graphStore, find, seeds, {
    bankId,
    tags: tags ?? undefined,
    limit: params.data.expansion_limit,
    weights: {
      entities: params.data.entity_overlap_weight,
      semantic: params.data.semantic_weight,
      causal: params.data.causal_weight,
    },
  });
  const recorded = recordedExpansion.parse(expected);
  return new Projection(writeItems(found), { items: tiesById(recorded.items) });
}

async function linkSemantically(input: unknown): Promise<unknown> {
  const { existing, new: added, threshold, top_k: topK } = semanticInput.parse(input);
  const vectorStore = createInMemoryVectorStore();
  await vectorStore.storeVectors(
    Object.entries({ ...existing, ...added }).map(([id, vector]) => ({
      id,
      bankId,
      vector,
      text: id,
    })),
  );
  const items = Object.entries(added).map(([id, vector]) => ({ id, vector }));
  const links = await semanticLinks(vectorStore, items, { bankId, threshold, topK });
  return {
    links: links.map(({ sourceMemoryId, targetMemoryId, linkType, weight, confidence }) => [
      sourceMemoryId,
      targetMemoryId,
      linkType,
      weight,
      confidence,
    ]),
  };
}

/** What the graph adds to the memories that were found. */
export const linkExpansion: AreaRunner = {
  area: "link_expansion",
  run: ({ category, input, expected }) => {
    switch (category) {
      case "expand":
        return expand(input, expected);
      case "score": {
        const signals = scoreInput.parse(input);
        return {
          total: linkScore({
            sharedEntities: signals.entity_overlap,
            semanticWeight: signals.semantic_total,
            causalWeight: signals.causal_total,
          }),
        };
      }
      case "semantic_links":
        return linkSemantically(input);
      default:
        return new NotMapped("05 section 9.11: section and fact recall are left for later");
    }
  },
};
