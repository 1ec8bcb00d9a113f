import { timestampMs, toTimestamp, type Timestamp } from "../../dto/timestamp.js";
import { dayMs } from "./calendar.js";
import { detectDurationQuestion, type DurationQuestion } from "./duration-question.js";
import { findEventDate, type DatedText } from "./find-event-date.js";
import { formatDuration } from "./format-duration.js";

interface DatedEvent {
  readonly event: string;
  readonly ms: number;
}

/** Undefined when one of the events has no date. */
function dateEvents(
  events: readonly string[],
  texts: readonly DatedText[],
): DatedEvent[] | undefined {
  const dated: DatedEvent[] = [];
  for (const event of events) {
    const at = findEventDate(event, texts);
    if (at === undefined) return undefined;
    dated.push({ event, ms: timestampMs(at) });
  }
  return dated;
}

function calculate(
  { operation, unit }: DurationQuestion,
  [first, second, ...further]: readonly DatedEvent[],
  referenceMs: number | undefined,
): string | undefined {
  if (first === undefined) return undefined;
  if (operation === "ago" || operation === "since") {
    if (referenceMs === undefined || first.ms > referenceMs) return undefined;
    return formatDuration((referenceMs - first.ms) / dayMs, unit);
  }
  if (second === undefined) return undefined;
  if (operation === "between") return formatDuration((second.ms - first.ms) / dayMs, unit);
  const inOrder = [first, second, ...further].toSorted((left, right) => left.ms - right.ms);
  if (operation === "first") return inOrder[0]?.event;
  return inOrder.map(({ event }) => event).join(", ");
}

/**
 * The answer to a question of {@link detectDurationQuestion} from the dates of texts: "7 days", the event that was first, or
 * the events in order. Times of day count: 6 days and 23 hours are 6 days.
 *
 * Undefined for another question, when one of the events cannot be dated, and for "ago" and "since" without a reference date or
 * with one that is before the event.
 *
 * @throws {@link InvalidArgumentError} when the reference date is no date.
 */
export function answerDurationQuestion(
  question: string,
  texts: readonly DatedText[],
  referenceDate?: Timestamp,
): string | undefined {
  const detected = detectDurationQuestion(question);
  const dated = detected === undefined ? undefined : dateEvents(detected.events, texts);
  if (detected === undefined || dated === undefined) return undefined;
  const referenceMs =
    referenceDate === undefined
      ? undefined
      : timestampMs(toTimestamp(referenceDate, "referenceDate"));
  return calculate(detected, dated, referenceMs);
}
