import * as z from "zod";
import { timestampSchema, type TimeRange, type Timestamp } from "../../dto/timestamp.js";
import type { QueryTime } from "./analyse-query.js";
import { nearestTimestamp } from "./calendar.js";
import { datePeriod } from "./period.js";

/** Whatever is no date counts as an open end. */
const openEnd = timestampSchema.optional().catch(undefined);
const modelAnswer = z.object({ start_date: openEnd, end_date: openEnd });

/** The object from a text's first to its last brace, whatever stands around it. */
function readObject(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
  } catch {
    return undefined;
  }
}

/**
 * The range in a model's answer `{"start_date": …, "end_date": …}`, with ISO 8601 dates or null; prose around it is passed
 * over. Undefined when it gives neither end. Ends in the wrong order are exchanged.
 */
export function parseTimeRangeAnswer(answer: string): QueryTime | undefined {
  const parsed = modelAnswer.safeParse(readObject(answer));
  if (!parsed.success) return undefined;
  const { start_date: start, end_date: end } = parsed.data;
  if (start === undefined && end === undefined) return undefined;
  if (start !== undefined && end !== undefined && start > end) return { start: end, end: start };
  return {
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
  };
}

const dayForm = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const dayRange = z.object({ start: z.string(), end: z.string() });

function readDay(text: string): { start: Timestamp; end: Timestamp } | undefined {
  const [, year, month, day] = dayForm.exec(text.trim()) ?? [];
  const period = datePeriod(Number(year), Number(month), Number(day));
  if (period === undefined) return undefined;
  return { start: nearestTimestamp(period.startMs), end: nearestTimestamp(period.endMs) };
}

/**
 * `{ start, end }` with two dates `YYYY-M-D` as the range from the first second of the earlier to the last second of the
 * later day. Undefined for anything else, also for dates that do not exist.
 */
export function parseDayRange(value: unknown): TimeRange | undefined {
  const parsed = dayRange.safeParse(value);
  if (!parsed.success) return undefined;
  const start = readDay(parsed.data.start);
  const end = readDay(parsed.data.end);
  if (start === undefined || end === undefined) return undefined;
  return start.start <= end.start ? [start.start, end.end] : [end.start, start.end];
}
