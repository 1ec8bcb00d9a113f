import { parseShape, vectorFiltersSchema, type VectorFilters } from "astrocyte";
import { storable } from "../internal/storable.js";
import type { Bindings } from "./bindings.js";
import { encodedEntries, encodedTexts } from "./values.js";

/**
 * The semantics of `matchesFilters` in SQL: conditions on the row `m` of `astrocyte_memories`, joined by AND; never empty.
 *
 * @param options - `documentsPass` lets rows that are mere documents through the filters on what only memories have.
 */
export function filterClauses(
  bankId: string,
  given: VectorFilters | undefined,
  { bind }: Bindings,
  { documentsPass = false }: { readonly documentsPass?: boolean } = {},
): string {
  const conditions = [`m.bank_id = ${bind(bankId)}`];
  const addOfMemory = (condition: string): void => {
    conditions.push(documentsPass ? `(NOT m.is_memory OR ${condition})` : condition);
  };

  if (!documentsPass) conditions.push("m.is_memory");
  if (given !== undefined) {
    const filters = parseShape(vectorFiltersSchema, given, "filters");
    const { tags, factTypes, timeRange, asOf, sessionId, metadataFilters = {} } = filters;
    if (filters.bankId !== undefined && filters.bankId !== bankId) conditions.push("false");
    if (tags?.length) conditions.push(`m.tags && ${bind(encodedTexts(tags))}::text[]`);
    if (factTypes?.length) {
      addOfMemory(`m.fact_type = ANY(${bind(factTypes.map(storable))}::text[])`);
    }
    if (timeRange !== undefined) {
      const [from, to] = timeRange;
      addOfMemory(`(m.occurred_at >= ${bind(from)} AND m.occurred_at <= ${bind(to)})`);
    }
    if (asOf !== undefined) {
      conditions.push(`(m.retained_at IS NULL OR m.retained_at <= ${bind(asOf)})`);
    }
    const entries = encodedEntries(metadataFilters);
    if (sessionId !== undefined) entries.push(...encodedEntries({ session_id: sessionId }));
    if (entries.length > 0) conditions.push(`m.metadata @> ${bind(entries)}::text[]`);
  }
  return conditions.join(" AND ");
}
