import { planQuery } from "astrocyte/pipeline";
import * as z from "zod";
import { NotMapped, Projection, type AreaRunner } from "../area-runner.js";

const queryInput = z.object({ query: z.string() });
const recordedPlan = z.looseObject({ preset: z.unknown() });

function plan(input: unknown, expected: unknown): Projection {
  const planned = planQuery(queryInput.parse(input).query);
  // Presets are whole configurations of the reference's deployments.
  const { preset: _preset, ...recorded } = recordedPlan.parse(expected);
  return new Projection(
    {
      intent: planned.intent,
      needs_temporal_reasoning: planned.needsTemporalReasoning,
      needs_aggregate_answer: planned.needsAggregateAnswer,
      needs_inference: planned.needsInference,
      needs_multi_hop_synthesis: planned.needsMultiHopSynthesis,
      may_be_adversarial: planned.mayBeAdversarial,
      prompt_variant: planned.promptVariant,
      auto_prompt_variant: planned.promptVariant,
      recall_max_results: planned.recallMaxResults,
      reflect_rank_limit: planned.rankLimit,
      reflect_expand_limit: planned.expandLimit,
      guidance_kinds: planned.guidance.map(({ kind }) => kind),
      temporal_phrases: planned.temporalPhrases,
    },
    recorded,
  );
}

/** How reflect plans for a question. */
export const queryPlan: AreaRunner = {
  area: "query_plan",
  run: ({ category, input, expected }) => {
    switch (category) {
      case "plan":
        return plan(input, expected);
      case "adaptive_router":
        return new NotMapped(
          "06 section 2: the hybrid engine is left for later, and its router too",
        );
      default:
        return new NotMapped("03: extraction of episodes is left for later");
    }
  },
};
