import { isRecord } from "../../../dto/is-record.js";
import { toTimestamp, type Timestamp } from "../../../dto/timestamp.js";
import { readIndex, readRecords, readShare, readText } from "../../llm/reply-values.js";
import { parseTolerantJson } from "../../llm/tolerant-json.js";

/** A cause that the reply names for a fact: another chunk of the same content. */
export interface FactCause {
  readonly chunkIndex: number;
  /** In `[0, 1]`. */
  readonly strength: number;
}

/** What a model made of one chunk. The chunk's own words stay the memory's text. */
export interface Fact {
  readonly text: string;
  readonly factType: "world" | "experience";
  readonly when?: string | undefined;
  readonly where?: string | undefined;
  readonly who?: string | undefined;
  readonly why?: string | undefined;
  readonly occurredStart?: Timestamp | undefined;
  readonly occurredEnd?: Timestamp | undefined;
  readonly entities: readonly { readonly name: string; readonly entityType: string }[];
  readonly causes: readonly FactCause[];
}

function readTimestamp(value: unknown): Timestamp | undefined {
  const text = readText(value);
  try {
    return text === undefined ? undefined : toTimestamp(text);
  } catch {
    return undefined;
  }
}

/** `N/A` is what the prompt asks for where a chunk does not say. */
function readDetail(value: unknown): string | undefined {
  const text = readText(value);
  return text === "N/A" ? undefined : text;
}

function readFact(text: string, index: number, chunkCount: number, given: unknown): Fact {
  const fields = isRecord(given) ? given : {};
  const isCause = (cause: FactCause) => cause.chunkIndex < chunkCount && cause.chunkIndex !== index;
  return {
    text,
    factType: readText(fields["fact_type"])?.toLowerCase() === "world" ? "world" : "experience",
    when: readDetail(fields["when"]),
    where: readDetail(fields["where"]),
    who: readDetail(fields["who"]),
    why: readDetail(fields["why"]),
    occurredStart: readTimestamp(fields["occurred_start"]),
    occurredEnd: readTimestamp(fields["occurred_end"]),
    entities: readRecords(fields["entities"]).flatMap((entity) => {
      const name = readText(entity["name"]);
      const entityType = readText(entity["entity_type"])?.toUpperCase() ?? "OTHER";
      return name === undefined ? [] : [{ name, entityType }];
    }),
    causes: readRecords(fields["causal_relations"])
      .flatMap((relation) => {
        const chunkIndex = readIndex(relation["target_fact_index"]);
        return chunkIndex === undefined
          ? []
          : [{ chunkIndex, strength: readShare(relation["strength"]) ?? 1 }];
      })
      .filter(isCause),
  };
}

/**
 * Reads `{ facts: [...] }`, one fact a chunk, in the chunks' order. A chunk whose fact is missing or malformed becomes an
 * experience without details; a reply without a list gives nothing at all.
 */
export function parseFacts(reply: string, chunks: readonly string[]): Fact[] {
  const parsed = parseTolerantJson(reply);
  const facts = isRecord(parsed) ? parsed["facts"] : undefined;
  if (!Array.isArray(facts)) return [];
  return chunks.map((text, index) => readFact(text, index, chunks.length, facts[index]));
}
