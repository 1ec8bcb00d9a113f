import type { InValue } from "@libsql/client";
import { parseShape, vectorFiltersSchema, type Metadata, type VectorFilters } from "astrocyte";
import { storable } from "../internal/storable.js";

/** Conditions on the row `m` of `astrocyte_memories`, joined by AND; never empty. */
export interface Clauses {
  readonly sql: string;
  readonly args: InValue[];
  /** Whether they ask for more than the bank. */
  readonly isFiltered: boolean;
}

// Both sides are read by the same JSON parser from the text that JSON.stringify gives, so equal means equal in type and
// value, numbers included.
const metadataClause = `NOT EXISTS (SELECT 1 FROM json_each(?) f WHERE NOT EXISTS (
  SELECT 1 FROM json_each(m.metadata) j WHERE j.key = f.key AND j.type = f.type AND j.atom IS f.atom))`;

/**
 * The semantics of `matchesFilters` in SQL.
 *
 * @param options - `documentsPass` lets rows that are mere documents through the filters on what only memories have.
 */
export function filterClauses(
  bankId: string,
  given: VectorFilters | undefined,
  { documentsPass = false }: { readonly documentsPass?: boolean } = {},
): Clauses {
  const conditions = ["m.bank_id = ?"];
  const args: InValue[] = [bankId];
  const add = (condition: string, ...values: InValue[]): void => {
    conditions.push(condition);
    args.push(...values);
  };
  const addOfMemory = (condition: string, ...values: InValue[]): void =>
    add(documentsPass ? `(m.is_memory = 0 OR ${condition})` : condition, ...values);

  if (!documentsPass) add("m.is_memory = 1");
  const least = conditions.length;
  if (given !== undefined) {
    const filters = parseShape(vectorFiltersSchema, given, "filters");
    const { tags, factTypes, timeRange, asOf, sessionId, metadataFilters } = filters;
    if (filters.bankId !== undefined && filters.bankId !== bankId) add("0");
    if (tags?.length) {
      add(
        `EXISTS (SELECT 1 FROM json_each(m.tags) t WHERE t.value IN (SELECT value FROM json_each(?)))`,
        JSON.stringify(tags),
      );
    }
    if (factTypes?.length) {
      addOfMemory(
        "m.fact_type IN (SELECT value FROM json_each(?))",
        JSON.stringify(factTypes.map(storable)),
      );
    }
    if (timeRange !== undefined) {
      addOfMemory("(m.occurred_at >= ? AND m.occurred_at <= ?)", ...timeRange);
    }
    if (asOf !== undefined) add("(m.retained_at IS NULL OR m.retained_at <= ?)", asOf);
    const equal: Metadata[] = [];
    if (sessionId !== undefined) equal.push({ session_id: sessionId });
    if (metadataFilters !== undefined && Object.keys(metadataFilters).length > 0) {
      equal.push(metadataFilters);
    }
    for (const metadata of equal) add(metadataClause, JSON.stringify(metadata));
  }
  return { sql: conditions.join(" AND "), args, isFiltered: conditions.length > least };
}
