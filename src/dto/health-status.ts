import * as z from "zod";
import { timestampSchema } from "./timestamp.js";

export const healthStatusSchema = z.object({
  healthy: z.boolean(),
  message: z.string().optional(),
  latencyMs: z.number().optional(),
  lastCheckAt: timestampSchema.optional(),
});
export type HealthStatus = z.infer<typeof healthStatusSchema>;
