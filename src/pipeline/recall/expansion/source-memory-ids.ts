import { trim } from "../../../internal/whitespace.js";
import { parseTolerantJson } from "../../llm/tolerant-json.js";

function idsOf(values: readonly unknown[]): string[] {
  return values
    .filter((value) => typeof value === "string" || typeof value === "number")
    .map(String)
    .filter((id) => id !== "");
}

/** A JSON list or, for anything else, a comma-separated one. */
function readIds(value: unknown): string[] {
  if (Array.isArray(value)) return idsOf(value);
  if (typeof value !== "string") return [];
  const parsed = parseTolerantJson(value, {}, "list");
  return Array.isArray(parsed) ? idsOf(parsed) : idsOf(value.split(",").map(trim));
}

/** The memories that a derived one was made of, from the metadata of an observation or else of a compiled page. */
export function sourceMemoryIds(metadata: Readonly<Record<string, unknown>> | undefined): string[] {
  return readIds(metadata?.["_obs_source_ids"] || metadata?.["_wiki_source_ids"]);
}
