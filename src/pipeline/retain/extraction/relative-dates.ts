import type { Metadata } from "../../../dto/metadata.js";
import type { Timestamp } from "../../../dto/timestamp.js";
import { resolveTemporalFacts, temporalMetadata } from "../../temporal/temporal-facts.js";

/**
 * What "yesterday" and the like in a text mean, seen from when it happened, as metadata; undefined when nothing is relative,
 * when the day is not known, or when the caller has said it already.
 */
export function relativeDates(
  text: string,
  occurredAt: Timestamp | undefined,
  given: Metadata | undefined,
): Metadata | undefined {
  const metadata = temporalMetadata(resolveTemporalFacts(text, occurredAt));
  const keys = Object.keys(metadata);
  if (keys.length === 0) return undefined;
  return keys.some((key) => given !== undefined && Object.hasOwn(given, key))
    ? undefined
    : metadata;
}
