import * as z from "zod";

const weight = z.number().nonnegative();

export const curatedRecallSchema = z.object({
  enabled: z.boolean().default(false).describe("Whether hits are scored again."),
  freshness_weight: weight.default(0.3).describe("Weight of being recent."),
  reliability_weight: weight.default(0.2).describe("Weight of the source."),
  salience_weight: weight.default(0.2).describe("Weight of being salient."),
  original_score_weight: weight.default(0.3).describe("Weight of the recall's own score."),
  freshness_half_life_days: z
    .number()
    .nonnegative()
    .default(30)
    .describe("After which freshness counts half."),
  min_score: z.number().optional().describe("Score below which a hit is left out."),
});
