import { fromWire, toWire, vectorHitSchema } from "astrocyte";
import * as z from "zod";

/** A memory in a ranking, in the portable spelling; scores of models may be negative. */
const rankedSchema = vectorHitSchema.extend({ score: z.number() });
export type Ranked = z.infer<typeof rankedSchema>;

const recordedSchema = z.looseObject({ id: z.string() });
export const recordedItems = z.array(recordedSchema);
export type RecordedItem = z.infer<typeof recordedSchema>;

export function readItems(items: readonly RecordedItem[]): Ranked[] {
  return items.map((item) => fromWire(rankedSchema, { text: `text of ${item.id}`, ...item }));
}

export function writeItems(items: readonly Ranked[]): unknown {
  return { items: items.map((item) => toWire(rankedSchema, item)) };
}
