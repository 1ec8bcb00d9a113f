import * as z from "zod";
import { atLeastOne, text } from "./kinds.js";

export const crossEncoderRerankSchema = z.object({
  enabled: z.boolean().default(false).describe("Whether reflect reranks with a cross-encoder."),
  model_name: text.default("cross-encoder/ms-marco-MiniLM-L-6-v2").describe("The cross-encoder."),
  top_k: atLeastOne.default(30).describe("How many candidates it sees."),
  force_cpu: z.boolean().default(false).describe("Whether it must not use a GPU."),
});
