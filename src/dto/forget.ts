import * as z from "zod";
import { timestampSchema } from "./timestamp.js";

/** Selectors combine with AND; a request without any selects nothing. `scope: "all"` stands alone. */
export const forgetRequestSchema = z.object({
  bankId: z.string(),
  memoryIds: z.array(z.string()).optional(),
  tags: z.array(z.string()).optional(),
  beforeDate: timestampSchema.optional(),
  scope: z.string().optional(),
});
export type ForgetRequest = z.infer<typeof forgetRequestSchema>;

export const forgetResultSchema = z.object({
  deletedCount: z.int(),
  archivedCount: z.int().default(0),
});
export type ForgetResult = z.infer<typeof forgetResultSchema>;
