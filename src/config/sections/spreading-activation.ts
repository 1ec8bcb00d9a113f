import * as z from "zod";
import { atLeastOne, count, share, text } from "./kinds.js";

export const spreadingActivationSchema = z.object({
  enabled: z.boolean().default(false).describe("Whether recall follows links between memories."),
  max_hops: atLeastOne.default(2).describe("How far."),
  decay_per_hop: share.default(0.6).describe("What is left of the activation after a hop."),
  expansion_limit: count.default(30).describe("Most memories that are added."),
  activation_threshold: share.default(0.2).describe("Activation below which a memory is left out."),
  link_types: z.array(text).default(["co_occurs", "causes"]).describe("Links that are followed."),
  temporal_proximity_weight: z
    .number()
    .nonnegative()
    .default(0.3)
    .describe("Weight of being close in time."),
  temporal_half_life_days: z
    .number()
    .positive()
    .default(7)
    .describe("After which closeness in time counts half."),
});
