import type { RecallRequest } from "../../dto/recall.js";
import type { ReflectRequest } from "../../dto/reflect.js";

/** A recall for an answer: it finds nothing that the filters of the reflect leave out. */
export function evidenceRequest(
  { query, bankId, maxTokens, tags, asOf, queryReferenceDate }: ReflectRequest,
  changes: Pick<RecallRequest, "maxResults"> & Partial<RecallRequest>,
): RecallRequest {
  return {
    query,
    bankId,
    maxTokens,
    tags,
    asOf,
    queryReferenceDate,
    includeSources: false,
    ...changes,
  };
}
