import type { MemoryHit } from "../../dto/recall.js";
import { recordKey, sourceKey } from "../../dto/reserved.js";
import type { Candidate } from "./candidate.js";
import type { Fused } from "./fusion.js";
import type { RecallLog } from "./recall-log.js";

/** The caller's view of a memory: its source is a field, not metadata, and what a record keeps beside its text stays there. */
export function toHit(
  { item, fusedScore, foundBy }: Fused<Candidate>,
  bankId: string,
  { explanations }: RecallLog,
): MemoryHit {
  const { id, metadata: all = {}, ...fields } = item;
  const { [sourceKey]: source, [recordKey]: _record, ...metadata } = all;
  return {
    ...fields,
    ...(item.metadata === undefined ? {} : { metadata }),
    ...(typeof source === "string" ? { source } : {}),
    memoryId: id,
    bankId,
    score: fusedScore,
    strategies: [...foundBy],
    ...(explanations === undefined ? {} : { explanation: explanations.get(id) }),
  };
}
