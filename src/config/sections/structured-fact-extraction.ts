import * as z from "zod";
import { atLeastOne, text } from "./kinds.js";

const extractionMode = z.preprocess(
  (value) => (typeof value === "string" ? value.trim().toLowerCase() : value),
  z.enum(["verbatim"]),
);

export const structuredFactExtractionSchema = z.object({
  enabled: z.boolean().default(false).describe("Whether retain extracts facts with the model."),
  extraction_mode: extractionMode.default("verbatim").describe("How facts are worded."),
  max_facts_per_call: atLeastOne.default(30).describe("Most facts of one call."),
  chunk_strategy: text.default("paragraph").describe("How the content is cut for it."),
  chunk_max_size: atLeastOne.optional().describe("Most characters of such a chunk."),
  parallel_chunks: z.boolean().default(false).describe("Whether chunks are asked for together."),
  parallel_chunks_max_concurrency: atLeastOne.default(6).describe("How many at a time."),
});
