import { fromWire, memoryHitSchema, type MemoryHit } from "astrocyte";
import { curateHits, mergeExternalHits, parseCuration } from "astrocyte/pipeline";
import * as z from "zod";
import { Corrected, NotMapped, type AreaRunner } from "../area-runner.js";

const recallInput = z.object({
  hits: z.array(z.unknown()),
  original_score_weight: z.number().optional(),
  freshness_weight: z.number().optional(),
  reliability_weight: z.number().optional(),
  salience_weight: z.number().optional(),
  freshness_half_life_days: z.number().optional(),
  min_score: z.number().nullish(),
});

function recall(input: unknown): unknown {
  const given = recallInput.parse(input);
  const hits = curateHits(fromWire(z.array(memoryHitSchema), given.hits), {
    now: "2025-01-15T12:00:00+00:00",
    scoreWeight: given.original_score_weight,
    freshnessWeight: given.freshness_weight,
    reliabilityWeight: given.reliability_weight,
    salienceWeight: given.salience_weight,
    freshnessHalfLifeDays: given.freshness_half_life_days,
    minScore: given.min_score ?? undefined,
  });
  return { result: hits.map(({ memoryId, score }) => [memoryId, score]) };
}

const retainInput = z.object({
  original: z.string(),
  response: z.string(),
  valid_ids: z.array(z.string()),
});

function retain(input: unknown): unknown {
  const { original, response, valid_ids: ids } = retainInput.parse(input);
  const { action, memoryLayer, reasoning, targetId } = parseCuration(response, ids);
  return {
    result: {
      action,
      content: original,
      memory_layer: memoryLayer,
      reasoning,
      merge_target_id: targetId,
    },
  };
}

const pairs = z.array(z.tuple([z.string(), z.number()]));
const mergeInput = z.object({ external: pairs, hits: pairs, max_results: z.int() });

function hitsOf(given: z.infer<typeof pairs>, source: string): MemoryHit[] {
  return given.map(([text, score]) => ({ text, score, source }));
}

function merge(input: unknown): unknown {
  const { external, hits, max_results: maxResults } = mergeInput.parse(input);
  const local = hitsOf(hits, "local");
  const result = mergeExternalHits(
    { hits: local, totalAvailable: local.length, truncated: false, topSemanticScore: 0 },
    hitsOf(external, "ext"),
    maxResults,
  );
  const actual = {
    hits: result.hits.map(({ text, score, source }) => [text, score, source]),
    total_available: result.totalAvailable,
    truncated: result.truncated,
  };
  if (maxResults > 0) return actual;
  return new Corrected(
    actual,
    { hits: [], total_available: external.length + hits.length, truncated: false },
    "05 section 4: no results asked for, none given",
  );
}

/** Decisions at retain, scores at recall, and hits from elsewhere. */
export const curated: AreaRunner = {
  area: "curated",
  run: ({ fn = "this function", input }) => {
    switch (fn) {
      case "curate_recall_hits":
        return recall(input);
      case "_parse_curation_response":
        return retain(input);
      case "merge_external_into_recall_result":
        return merge(input);
      default:
        return new NotMapped(`no counterpart of ${fn}`);
    }
  },
};
