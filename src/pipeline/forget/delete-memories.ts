import type { BankOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";
import { deleteEverywhere } from "./delete-everywhere.js";
import type { DeletionCounts } from "./deletion-counts.js";
import { dropObservations } from "./drop-observations.js";

/** Deletes memories from every store, and the observations that were drawn from them. */
export async function deleteMemories(
  pipeline: Pipeline,
  ids: readonly string[],
  options: BankOptions,
): Promise<DeletionCounts> {
  const memoryIds = new Set(ids);
  // Before, since nothing would name them when the deletion is cut off; and after, since one may have been drawn meanwhile.
  const before = await dropObservations(pipeline, memoryIds, options);
  const counts = await deleteEverywhere(pipeline, ids, options);
  const after = await dropObservations(pipeline, memoryIds, options);
  return { ...counts, observations: before + after };
}
