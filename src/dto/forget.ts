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

/**
 * What an erasure did, store by store. `documents` is absent without a document store; `graph` counts what the graph store
 * does, associations or, for a whole bank, entities, and is absent without one and where it goes with the vectors in one step.
 * `verified` says that asking for the memories afterwards, by id and by searches, found none of them in any store.
 * `needsCompaction` is there when the store can tell: true while erased text may still be in unused space of its files.
 * `erased` is false when a store hides what is deleted and cannot remove it.
 */
export const forgetReceiptSchema = z.object({
  vectors: z.int(),
  documents: z.int().optional(),
  graph: z.int().optional(),
  observations: z.int(),
  verified: z.boolean(),
  needsCompaction: z.boolean().optional(),
  erased: z.boolean().optional(),
});
export type ForgetReceipt = z.infer<typeof forgetReceiptSchema>;

/** `receipt` (not part of the portable contract, readers ignore it) is there when the built-in pipeline forgot. */
export const forgetResultSchema = z.object({
  deletedCount: z.int(),
  archivedCount: z.int().default(0),
  receipt: forgetReceiptSchema.optional(),
});
export type ForgetResult = z.infer<typeof forgetResultSchema>;
