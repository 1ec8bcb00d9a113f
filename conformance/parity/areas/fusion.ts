import { fromWire, memoryHitSchema, toWire, vectorHitSchema } from "astrocyte";
import { externalCandidates, reciprocalRankFusion, weighLayers } from "astrocyte/pipeline";
import * as z from "zod";
import { NotMapped, outcomeOf, Projection, type AreaRunner } from "../area-runner.js";

const itemSchema = z.looseObject({ id: z.string(), score: z.number() });
const plainInput = z.object({ lists: z.array(z.array(itemSchema)), k: z.number().optional() });
const weightedInput = z.object({
  lists: z.array(z.object({ items: z.array(itemSchema), weight: z.number() })),
  k: z.number().optional(),
});

type Lists = Parameters<typeof reciprocalRankFusion<z.infer<typeof itemSchema>>>[0];

function fuse(lists: Lists, k: number | undefined): unknown {
  return {
    items: reciprocalRankFusion(lists, k).map(({ item, fusedScore }) => ({
      text: `text of ${item.id}`,
      ...item,
      score: fusedScore,
    })),
  };
}

const layerInput = plainInput.extend({ layer_weights: z.record(z.string(), z.number()).nullish() });

function fuseByLayer(input: unknown): unknown {
  const { lists, k, layer_weights: weights } = layerInput.parse(input);
  const named = lists.map((items, index) => ({
    name: String(index),
    items: items.map((item) => ({ ...item, memoryLayer: layerOf(item) })),
  }));
  const fused = weighLayers(reciprocalRankFusion(named, k), weights ?? {});
  return {
    items: fused.map(({ item: { memoryLayer: _layer, ...item }, fusedScore }) => ({
      text: `text of ${item.id}`,
      ...item,
      score: fusedScore,
    })),
  };
}

function layerOf({ memory_layer: layer }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof layer === "string" ? layer : undefined;
}

const externalInput = z.object({ hits: z.array(z.unknown()).nullable() });

function external(input: unknown): unknown {
  const hits = (externalInput.parse(input).hits ?? []).map((hit) => fromWire(memoryHitSchema, hit));
  return { items: externalCandidates(hits).map((item) => toWire(vectorHitSchema, item)) };
}

const sectionInput = z.object({
  k: z.number().optional(),
  strategies: z.array(
    z.object({
      strategy: z.string(),
      hits: z.array(z.tuple([z.string(), z.int(), z.number()])),
    }),
  ),
});
const recordedSections = z.object({
  fused: z.array(z.looseObject({ per_strategy_rank: z.unknown() })),
});

/** Section recall fuses as memories are fused; its record of ranks has no counterpart. */
function fuseSections(input: unknown, expected: unknown): unknown {
  const { k, strategies } = sectionInput.parse(input);
  const lists = strategies.map(({ strategy, hits }) => ({
    name: strategy,
    items: hits.map(([document, line, score]) => ({
      id: `${document} ${line}`,
      document,
      line,
      score,
    })),
  }));
  const fused = reciprocalRankFusion(lists, k).map(({ item, fusedScore }) => ({
    document_id: item.document,
    line_num: item.line,
    rrf_score: fusedScore,
  }));
  const recorded = recordedSections
    .parse(expected)
    .fused.map(({ per_strategy_rank: _ranks, ...section }) => section);
  return new Projection({ fused }, { fused: recorded });
}

const factIds = z.array(z.string().nullable());
const factInput = z.object({
  k: z.number().optional(),
  lists: z.array(z.union([factIds, z.object({ ids: factIds, weight: z.number() })])),
});

function fuseFacts(input: unknown): string[] {
  const { k, lists } = factInput.parse(input);
  const named = lists.map((list, index) => {
    const { ids, weight } = Array.isArray(list) ? { ids: list, weight: 1 } : list;
    // A fact without an id keeps its rank, and is left out of the result.
    const items = ids.map((id) => ({ id: id ?? "", score: 0 }));
    return { name: String(index), weight, items };
  });
  return reciprocalRankFusion(named, k)
    .map(({ item }) => item.id)
    .filter((id) => id !== "");
}

/** Fusion by reciprocal rank, plain, weighted, and with the weights of layers. */
export const fusion: AreaRunner = {
  area: "fusion",
  run: ({ fn = "this function", input, expected }) => {
    switch (fn) {
      case "rrf_fusion": {
        const { lists, k } = plainInput.parse(input);
        return fuse(
          lists.map((items, index) => ({ name: String(index), items })),
          k,
        );
      }
      case "weighted_rrf_fusion": {
        const { lists, k } = weightedInput.parse(input);
        return outcomeOf(() =>
          fuse(
            lists.map((list, index) => ({ name: String(index), ...list })),
            k,
          ),
        );
      }
      case "layer_weighted_rrf_fusion":
        return fuseByLayer(input);
      case "memory_hits_as_scored":
        return external(input);
      case "_rrf_fuse_section_hits":
        return fuseSections(input, expected);
      case "_rrf_fuse_fact_hits":
        return { ids: fuseFacts(input) };
      case "_rrf_fuse_fact_hits_weighted":
        return outcomeOf(() => fuseFacts(input));
      default:
        return new NotMapped(`05 section 9.11: no counterpart of ${fn}, a part of section recall`);
    }
  },
};
