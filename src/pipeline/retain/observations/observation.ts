import type { Metadata } from "../../../dto/metadata.js";
import type { Timestamp } from "../../../dto/timestamp.js";
import { readNumber, readTexts } from "../../llm/reply-values.js";
import { readJson } from "../../llm/read-json.js";

/** What is known of an observation besides its text, as its metadata keep it. */
export interface ObservationFacts {
  /** How many memories speak for it, 1 at least. */
  readonly proofCount: number;
  /** In `[0, 1]`. */
  readonly confidence: number;
  readonly sourceIds: readonly string[];
  /** When what the sources tell happened or was retained. */
  readonly sourceTimestamps: readonly Timestamp[];
  readonly scope: string;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
}

const maxDepth = 2;

function listOf(value: unknown): string[] {
  return typeof value === "string" ? readTexts(readJson(value, maxDepth)) : [];
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

/** Which observations may be merged: those from memories with the same tags. */
export function observationScope(bankId: string, tags: readonly string[] | undefined): string {
  return tags === undefined || tags.length === 0
    ? `bank:${bankId}`
    : [...new Set(tags)].toSorted().join("|");
}

/** Reads an observation's metadata; what is missing or malformed gets a cautious value. */
export function readObservation(
  metadata: Metadata | undefined,
  { scope, now }: { readonly scope: string; readonly now: Timestamp },
): ObservationFacts {
  return {
    proofCount: Math.max(1, Math.trunc(readNumber(metadata?.["_obs_proof_count"]) ?? 1)),
    confidence: readNumber(metadata?.["_obs_confidence"]) ?? 0.5,
    sourceIds: listOf(metadata?.["_obs_source_ids"]),
    sourceTimestamps: listOf(metadata?.["_obs_source_timestamps"]),
    scope: textOf(metadata?.["_obs_scope"], scope),
    createdAt: textOf(metadata?.["_created_at"], now),
    updatedAt: textOf(metadata?.["_obs_updated_at"], now),
  };
}

/** The metadata that keep an observation's facts; lists are JSON text, since metadata are flat. */
export function observationMetadata(facts: ObservationFacts): Metadata {
  return {
    _obs_proof_count: facts.proofCount,
    _obs_confidence: String(facts.confidence),
    _obs_source_ids: JSON.stringify(facts.sourceIds),
    _obs_source_timestamps: JSON.stringify(facts.sourceTimestamps),
    _obs_scope: facts.scope,
    _obs_updated_at: facts.updatedAt,
    // What readers of the contract expect; how fresh it really is, its timestamps say.
    _obs_freshness: "fresh",
    _created_at: facts.createdAt,
  };
}
