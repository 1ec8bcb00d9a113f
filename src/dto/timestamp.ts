import * as z from "zod";
import { InvalidArgumentError } from "../errors.js";

/**
 * An instant as text in the one canonical form `YYYY-MM-DDTHH:MM:SS[.ffffff]+00:00`: UTC, no fraction when it is zero,
 * otherwise six digits. Two canonical timestamps compare as strings exactly as the instants do.
 */
export type Timestamp = string;

const isoForm =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?)?$/;

function offsetMinutes(offset: string | undefined): number {
  if (offset === undefined || offset === "Z" || offset === "z") return 0;
  const sign = offset.startsWith("-") ? -1 : 1;
  const digits = offset.slice(1).replace(":", "");
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4) || "0"));
}

function format(epochMs: number, microseconds: number): Timestamp {
  const seconds = new Date(epochMs).toISOString().slice(0, 19);
  return microseconds === 0
    ? `${seconds}+00:00`
    : `${seconds}.${String(microseconds).padStart(6, "0")}+00:00`;
}

/** Reads ISO 8601 text: date only, or with time, fraction, `Z` or offset; without offset it is UTC. */
function parseIso(text: string): Timestamp | undefined {
  const match = isoForm.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "", offset] =
    match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const epochMs = Date.parse(`${local}Z`);
  // Date.parse rolls 30 February over to March; such text is no date.
  if (Number.isNaN(epochMs) || new Date(epochMs).toISOString().slice(0, 19) !== local)
    return undefined;
  const shifted = epochMs - offsetMinutes(offset) * 60_000;
  const shiftedYear = new Date(shifted).getUTCFullYear();
  if (shiftedYear < 1 || shiftedYear > 9999) return undefined;
  return format(shifted, Number(fraction.slice(0, 6).padEnd(6, "0")));
}

/** Also a `Date` of another realm. */
function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === "[object Date]";
}

/**
 * The canonical form of a date given as `Date`, as milliseconds since the Unix epoch, or as ISO 8601 text.
 *
 * @throws {@link InvalidArgumentError} when the value is no date between the years 1 and 9999.
 */
export function toTimestamp(value: Date | number | string, name = "timestamp"): Timestamp {
  if (typeof value === "string") {
    const parsed = parseIso(value);
    if (parsed !== undefined) return parsed;
    throw new InvalidArgumentError(`${name}: "${value.slice(0, 40)}" is not an ISO 8601 date`);
  }
  if (typeof value !== "number" && !isDate(value)) {
    throw new InvalidArgumentError(
      `${name}: expected a Date, milliseconds since 1970 or ISO 8601 text`,
    );
  }
  const epochMs = typeof value === "number" ? Math.trunc(value) : value.getTime();
  const date = new Date(epochMs);
  const year = date.getUTCFullYear();
  if (Number.isNaN(epochMs) || !(year >= 1 && year <= 9999)) {
    throw new InvalidArgumentError(`${name}: not a date between the years 1 and 9999`);
  }
  return format(epochMs, date.getUTCMilliseconds() * 1000);
}

/** Milliseconds since the Unix epoch of a canonical timestamp; microseconds are cut off. */
export function timestampMs(timestamp: Timestamp): number {
  return Date.parse(timestamp);
}

export const timestampSchema = z.string().transform((text, context): Timestamp => {
  const parsed = parseIso(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: "custom", message: "not an ISO 8601 date", input: text });
  return z.NEVER;
});

/** First and last instant, both inclusive. */
export const timeRangeSchema = z.tuple([timestampSchema, timestampSchema]);
export type TimeRange = z.infer<typeof timeRangeSchema>;
