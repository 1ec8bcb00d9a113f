import * as z from "zod";
import { atLeastOne } from "./kinds.js";

export const agenticReflectSchema = z.object({
  enabled: z.boolean().default(false).describe("Whether the model may recall again by itself."),
  max_iterations: atLeastOne.default(3).describe("Most rounds."),
  recall_step_max_results: atLeastOne.default(10).describe("Most hits of one round."),
  max_evidence_pool_size: atLeastOne.default(30).describe("Most hits of all rounds."),
});
