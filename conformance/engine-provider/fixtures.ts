import assert from "node:assert/strict";
import {
  parseShape,
  recallResultSchema,
  retainResultSchema,
  type EngineProvider,
  type RecallRequest,
  type RecallResult,
  type RetainRequest,
} from "astrocyte";

export const bankId = "bank";

/** Retains a text and returns its memory's id. */
export async function retain(
  engine: EngineProvider,
  content: string,
  fields: Partial<RetainRequest> = {},
): Promise<string> {
  const result = await engine.retain({ content, bankId, contentType: "text", ...fields });
  const { stored, memoryId } = parseShape(retainResultSchema, result, "retain result");
  assert.ok(stored, `"${content}" must be stored`);
  assert.ok(memoryId !== undefined && memoryId !== "", "a stored memory must have an id");
  return memoryId;
}

export async function recall(
  engine: EngineProvider,
  query: string,
  fields: Partial<RecallRequest> = {},
): Promise<RecallResult> {
  const request = { query, bankId, maxResults: 100, includeSources: false, ...fields };
  return parseShape(recallResultSchema, await engine.recall(request), "recall result");
}

/** The ids of everything in a bank that passes the filters. */
export async function listIds(
  engine: EngineProvider,
  fields: Partial<RecallRequest> = {},
): Promise<string[]> {
  const { hits } = await recall(engine, "*", fields);
  return hits.map(({ memoryId }) => memoryId ?? "").toSorted();
}
