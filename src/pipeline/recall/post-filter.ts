import { matchesFilters } from "../../dto/filters.js";
import type { VectorFilters } from "../../dto/vector.js";
import type { BankOptions } from "../../spi/call-options.js";
import { findVectors } from "../list-all-vectors.js";
import type { Pipeline } from "../pipeline.js";
import { candidateFromItem, type Candidate } from "./candidate.js";
import type { Fused } from "./fusion.js";

/**
 * The last word on filters, whatever each provider did with them: candidates that lack fields are completed from the vector
 * store, those it does not know (any more) are dropped, and every one left satisfies every filter.
 */
export async function postFilter(
  pipeline: Pipeline,
  fused: readonly Fused<Candidate>[],
  filters: VectorFilters,
  options: BankOptions,
): Promise<Fused<Candidate>[]> {
  const bare = fused.filter(({ item }) => !item.hydrated).map(({ item }) => item.id);
  const stored = await findVectors(pipeline.vectorStore, bare, options);
  return fused.flatMap((entry) => {
    const found = stored.get(entry.item.id);
    if (!entry.item.hydrated && found === undefined) return [];
    const item = found === undefined ? entry.item : candidateFromItem(found, entry.item.score);
    return matchesFilters(item, filters) ? [{ ...entry, item }] : [];
  });
}
