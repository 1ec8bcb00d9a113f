import { toTimestamp, type Timestamp } from "astrocyte";
import * as z from "zod";

const dateSchema = z.coerce.date();
const secondMs = 1000;
export const dayMs = 86_400 * secondMs;

/** Milliseconds since 1970 of ISO 8601 text with an offset. */
export function epochMs(text: string): number {
  return dateSchema.parse(text).getTime();
}

/** The canonical form of a recorded date; a naive one is UTC. */
export function canonical(text: string | null | undefined): Timestamp | null {
  return text === null || text === undefined ? null : toTimestamp(text);
}

export function shifted(timestamp: Timestamp, ms: number): Timestamp {
  return toTimestamp(epochMs(timestamp) + ms);
}

export function shiftedSeconds(timestamp: Timestamp, seconds: number): Timestamp {
  return shifted(timestamp, seconds * secondMs);
}

/** Minutes that the clock of a recorded date is ahead of UTC. */
export function offsetMinutesOf(text: string): number {
  const [, sign = "+", hours = "0", minutes = "0"] = /([+-])(\d{2}):(\d{2})$/.exec(text) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
