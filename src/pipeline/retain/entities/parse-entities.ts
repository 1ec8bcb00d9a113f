import { isRecord } from "../../../dto/is-record.js";
import { readRecords, readText, readTexts } from "../../llm/reply-values.js";
import { parseFencedJson } from "../../llm/tolerant-json.js";

/** An entity as a text names it, before it has an id. */
export interface NamedEntity {
  readonly name: string;
  /** `OTHER` when the reply does not say. */
  readonly entityType: string;
  readonly aliases: readonly string[];
}

const wrapperKeys = ["entities", "results", "items", "data"];

/** The list of a reply, bare or in an object under one of the usual names. */
function listOf(parsed: unknown): unknown {
  if (!isRecord(parsed)) return parsed;
  return wrapperKeys.map((key) => parsed[key]).find((value) => Array.isArray(value));
}

/**
 * Reads a reply that lists entities: a JSON list of `{ name, entity_type, aliases }`, bare, fenced, or in an object under
 * `entities`, `results`, `items` or `data`. Entries without a name are left out; a reply of another form has none.
 */
export function parseEntities(reply: string): NamedEntity[] {
  return readRecords(listOf(parseFencedJson(reply))).flatMap((item) => {
    const name = readText(item["name"]);
    if (name === undefined) return [];
    const entityType = readText(item["entity_type"]) ?? "OTHER";
    return [{ name, entityType, aliases: readTexts(item["aliases"]) }];
  });
}
