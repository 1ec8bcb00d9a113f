import { matchesFilters } from "../../../dto/filters.js";
import type { VectorItem } from "../../../dto/vector.js";
import { candidateFromItem, type Candidate } from "../candidate.js";
import { capitalisedNames } from "../plan/capitalised-names.js";
import { planQuery } from "../plan/query-plan.js";
import { byScore } from "../rerank/ranked-memory.js";
import type { Strategy } from "./strategy.js";

const personKeys = ["person", "locomo_persons", "locomo_speakers"];
const leastScanned = 200;

function namesHeld({ text, metadata }: VectorItem, names: readonly string[]): string[] {
  const people = personKeys.map((key) => metadata?.[key]).filter((value) => value !== undefined);
  const held = [text, ...people.map(String)].join("\n").toLowerCase();
  return names.filter((name) => held.includes(name));
}

function toCandidate(item: VectorItem, names: readonly string[]): Candidate {
  const candidate = candidateFromItem(item, 0.65 + 0.05 * Math.min(names.length, 3));
  const path = { _entity_path: names.join(" -> "), _entity_path_kind: "metadata_fallback" };
  return { ...candidate, metadata: { ...candidate.metadata, ...path } };
}

/**
 * By the names in a question that has to be put together from several memories: those that hold one, in text or in metadata.
 *
 * @remarks Contract 05 section 5.
 */
export const entityPath: Strategy = {
  applies: ({ options }, { query, filters }) =>
    options.preset === "reference" &&
    (filters.factTypes ?? []).length === 0 &&
    planQuery(query).needsMultiHopSynthesis,
  search: async ({ vectorStore }, { query, bankId, filters, limit, signal }) => {
    const names = capitalisedNames(query);
    if (names.length === 0) return [];
    const count = Math.max(limit * 10, leastScanned);
    const items = await vectorStore.listVectors({ bankId, offset: 0, limit: count, signal });
    const candidates = items
      .filter((item) => matchesFilters(item, filters))
      .flatMap((item) => {
        const held = namesHeld(item, names);
        return held.length === 0 ? [] : [toCandidate(item, held)];
      });
    return byScore(candidates).slice(0, limit);
  },
};
