import * as z from "zod";

/** Scans what leaves: recalled memories, and answers with their sources. */
export const dlpSchema = z.object({
  scan_recall_output: z.boolean().default(false).describe("Whether recalled memories are scanned."),
  scan_reflect_output: z
    .boolean()
    .default(false)
    .describe("Whether answers and their sources are scanned."),
  output_pii_action: z
    .enum(["warn", "redact", "reject"])
    .default("warn")
    .describe("What happens to personal data that is found."),
});
