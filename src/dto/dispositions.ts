import * as z from "zod";

const trait = z.int().min(1).max(5).default(3);

/** How reflect reads memories: each trait from 1 to 5, 3 is neutral. */
export const dispositionsSchema = z.object({
  skepticism: trait,
  literalism: trait,
  empathy: trait,
});
export type Dispositions = z.infer<typeof dispositionsSchema>;
