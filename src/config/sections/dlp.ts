import * as z from "zod";

/** Scans what leaves: recalled memories, and answers with their sources. */
export const dlpSchema = z.object({
  scan_recall_output: z.boolean().default(false),
  scan_reflect_output: z.boolean().default(false),
  output_pii_action: z.enum(["warn", "redact", "reject"]).default("warn"),
});
