import type { MemoryHit } from "../../../dto/recall.js";
import { firstCodePoints } from "../../llm/prompt-section.js";

const longestText = 600;

function resolvedTemporal({ metadata = {} }: MemoryHit): string | undefined {
  const { resolved_date: date, temporal_phrase: phrase } = metadata;
  if (!date) return undefined;
  return phrase ? `${phrase} = ${date}` : String(date);
}

/**
 * Memories as a tool gives them to the model: JSON, so that no text can end its entry, with every `<` escaped, so that none can
 * open or close a section of a prompt.
 *
 * @remarks Contract 05 section 9.7.
 */
export function evidenceText(hits: readonly MemoryHit[]): string {
  const entries = hits.map((hit) => ({
    id: hit.memoryId,
    text: firstCodePoints(hit.text, longestText),
    score: Math.round(hit.score * 10_000) / 10_000,
    date: hit.occurredAt ?? hit.metadata?.["date_time"] ?? hit.metadata?.["session_date"],
    resolved_temporal: resolvedTemporal(hit),
  }));
  return JSON.stringify(entries).replaceAll("<", String.raw`\u003c`);
}
