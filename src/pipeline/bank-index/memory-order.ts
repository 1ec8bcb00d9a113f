import { positionKey } from "../../dto/reserved.js";
import { timestampMs, type Timestamp } from "../../dto/timestamp.js";
import type { VectorItem } from "../../dto/vector.js";

/** When a memory happened, then when it was retained, then its place in that call. */
export interface MemoryOrder {
  /** Milliseconds since the Unix epoch of the event, or else of the retain. */
  readonly timeMs: number;
  /** Milliseconds since the Unix epoch. */
  readonly retainedMs: number;
  readonly position: number;
}

function msOf(time: Timestamp | undefined): number {
  return time === undefined ? 0 : timestampMs(time);
}

export function memoryOrder({
  occurredAt,
  retainedAt,
  metadata,
}: Pick<VectorItem, "occurredAt" | "retainedAt" | "metadata">): MemoryOrder {
  const position = metadata?.[positionKey];
  const retainedMs = msOf(retainedAt);
  return {
    timeMs: occurredAt === undefined ? retainedMs : timestampMs(occurredAt),
    retainedMs,
    position: typeof position === "number" ? position : 0,
  };
}

/** Negative when the left one comes first. */
export function compareOrder(left: MemoryOrder, right: MemoryOrder): number {
  return (
    left.timeMs - right.timeMs ||
    left.retainedMs - right.retainedMs ||
    left.position - right.position
  );
}
