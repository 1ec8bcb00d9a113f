import * as z from "zod";
import { share } from "./kinds.js";

export const adversarialDefenseSchema = z.object({
  abstention_enabled: z
    .boolean()
    .default(false)
    .describe("Whether reflect declines when the evidence is weak."),
  abstention_floor: share.default(0.2).describe("Score below which evidence is weak."),
  premise_verification_enabled: z
    .boolean()
    .default(false)
    .describe("Whether the premises of a question are checked."),
  premise_verification_min_confidence: share
    .default(0.6)
    .describe("Confidence from which a premise counts as false."),
  adversarial_prompt_enabled: z
    .boolean()
    .default(false)
    .describe("Whether the prompt warns of trick questions."),
});
