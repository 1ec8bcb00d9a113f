import * as z from "zod";

export const queryAnalyzerSchema = z.object({
  enabled: z.boolean().default(false).describe("Whether a query is read for dates."),
  allow_llm_fallback: z.boolean().default(true).describe("Whether the model may be asked."),
  enable_temporal_expansion: z
    .boolean()
    .default(true)
    .describe(
      "Whether phrases such as `last week` are read. The environment's `ASTROCYTE_M18_ENABLE_TEMPORAL_EXPANSION` goes first.",
    ),
});
