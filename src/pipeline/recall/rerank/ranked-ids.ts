import { isRecord } from "../../../dto/is-record.js";
import { parseTolerantJson } from "../../llm/tolerant-json.js";

/**
 * The ids in a model's reply `{"ranked_ids": [...]}`, also with prose or a fence around it; numbers become text, anything else
 * is left out. No such object gives none.
 */
export function parseRankedIds(reply: string): string[] {
  const parsed = parseTolerantJson(reply);
  const ids = isRecord(parsed) ? parsed["ranked_ids"] : undefined;
  if (!Array.isArray(ids)) return [];
  return ids.flatMap((id: unknown) => {
    const text = typeof id === "number" ? String(id) : id;
    return typeof text === "string" && text !== "" ? [text] : [];
  });
}
