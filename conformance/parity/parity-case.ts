import * as z from "zod";

/** A recorded call of the reference, in its portable spelling. */
export const parityCaseSchema = z.object({
  id: z.string(),
  category: z.string(),
  /** Which function of the reference, where an area has several. */
  fn: z.string().optional(),
  input: z.record(z.string(), z.unknown()),
  expected: z.unknown(),
  note: z.string().optional(),
  /** The reference looks wrong here; it need not be reproduced. */
  reference_bug: z.boolean().optional(),
  bug_note: z.string().optional(),
  depends_on_bug: z.array(z.string()).optional(),
});
export type ParityCase = z.infer<typeof parityCaseSchema>;

export const areaFileSchema = z.object({ area: z.string(), cases: z.array(parityCaseSchema) });
export type AreaFile = z.infer<typeof areaFileSchema>;
