import type { RecallRequest } from "../../../dto/recall.js";

/** The request without what the cache compares on its own: the bank by name, the query by its vector. */
type Scope = Omit<RecallRequest, "query" | "bankId">;

function sorted(values: readonly string[] | undefined): string[] | undefined {
  return values === undefined ? undefined : [...new Set(values)].toSorted();
}

/**
 * Everything of a request that its result depends on, beside bank and query, as one text: equal for equal requests, different
 * for any that could have another result. `undefined` for a request with external context, whose result is never kept.
 *
 * @param principal - Who asks, and whatever of the caller's rights or settings shapes the result.
 */
export function recallScope(request: RecallRequest, principal = ""): string | undefined {
  const { query: _query, bankId: _bankId, externalContext, ...rest } = request;
  if (externalContext !== undefined && externalContext.length > 0) return undefined;
  const scope: Omit<Scope, "externalContext"> = {
    ...rest,
    tags: sorted(rest.tags),
    factTypes: sorted(rest.factTypes),
  };
  const entries = Object.entries(scope)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([principal, entries]);
}
