import * as z from "zod";
import { timestampSchema } from "./timestamp.js";

/** An order that nothing of a bank may be deleted. `holdId` is unique within the bank; `setBy` names who ordered it. */
export const legalHoldSchema = z.object({
  bankId: z.string().min(1),
  holdId: z.string().min(1),
  reason: z.string(),
  setBy: z.string(),
  setAt: timestampSchema,
});
export type LegalHold = z.infer<typeof legalHoldSchema>;
