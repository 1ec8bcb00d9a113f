import { toTimestamp } from "astrocyte";
import {
  answerDurationQuestion,
  detectDurationQuestion,
  durationUnit,
  findEventDate,
  formatDuration,
  type DurationOperation,
  type DurationQuestion,
} from "astrocyte/pipeline";
import * as z from "zod";
import { Corrected, NotMapped, Projection, type AreaRunner } from "../area-runner.js";
import {
  daysBetween,
  eventDate,
  hasEmptyWord,
  wordsIn,
  type DatedSection,
} from "./temporal/event-oracle.js";
import { canonical } from "./temporal/instants.js";

const recordedOperations = {
  between: "delta_between",
  ago: "ago",
  since: "since",
  first: "order_first",
  order: "order_three",
} as const satisfies Record<DurationOperation, string>;

const documentInput = z.object({
  sections: z.array(
    z.object({
      title: z.string(),
      summary: z.string(),
      line: z.int(),
      date: z.string().optional(),
      occurred: z.string().optional(),
    }),
  ),
  section_entities: z.array(z.tuple([z.int(), z.string()])),
});
const recordedText = z.object({ result: z.string().nullable() });

function textsOf({ sections, section_entities: entities }: z.infer<typeof documentInput>) {
  return sections.map(({ title, summary, line, date, occurred }) => {
    const names = entities.filter(([of]) => of === line).map(([, name]) => name);
    return { text: [title, summary, ...names].join("\n"), occurredAt: occurred ?? date };
  });
}

function sectionsOf(input: unknown): DatedSection[] {
  return textsOf(documentInput.parse(input)).map(({ text, occurredAt }) => ({
    words: wordsIn(text),
    at: occurredAt,
  }));
}

function datedTextsOf(input: unknown) {
  return textsOf(documentInput.parse(input)).map(({ text, occurredAt }) => ({
    text,
    occurredAt: canonical(occurredAt) ?? undefined,
  }));
}

function detect(input: unknown, expected: unknown): unknown {
  const { question } = z.object({ question: z.string() }).parse(input);
  const detected = detectDurationQuestion(question);
  const actual = {
    op: detected === undefined ? null : recordedOperations[detected.operation],
    unit: durationUnit(question),
    events: detected?.events ?? [],
  };
  const [, one, other] =
    /^which event happened (?:first|earlier|sooner)[:,]? (?:the )?(\w+),? or (?:the )?(\w+)\?$/i.exec(
      question,
    ) ?? [];
  const { events: recorded } = z.object({ events: z.array(z.string()) }).parse(expected);
  return one !== undefined && other !== undefined && recorded.length === 0
    ? new Corrected(
        actual,
        { op: "order_first", unit: "days", events: [one, other] },
        "events are told apart after first, earlier and sooner, with a comma or a colon",
      )
    : actual;
}

const emptyWordReason = "words such as the and went do not tell which event is meant";

function findEvent(input: unknown, expected: unknown): Projection | Corrected {
  const { event } = z.object({ event: z.string() }).parse(input);
  const actual = findEventDate(event, datedTextsOf(input)) ?? null;
  const recorded = canonical(recordedText.parse(expected).result);
  const corrected = canonical(eventDate(event, sectionsOf(input)));
  return hasEmptyWord(event) && corrected !== recorded
    ? new Corrected(actual, corrected, emptyWordReason)
    : new Projection(actual, recorded);
}

const reason = `${emptyWordReason}; days are whole ones, and an event after the reference date is no answer`;

/** The answer by the oracle's dates, or null. */
function answerByOracle(
  { operation, unit, events }: DurationQuestion,
  reference: string | null,
  sections: readonly DatedSection[],
): string | null {
  const dated = events.map((event) => ({ event, at: canonical(eventDate(event, sections)) ?? "" }));
  const [first, second] = dated;
  if (first === undefined || dated.some(({ at }) => at === "")) return null;
  if (operation === "ago" || operation === "since") {
    if (reference === null || first.at > toTimestamp(reference)) return null;
    return formatDuration(daysBetween(first.at, reference), unit);
  }
  if (operation === "between") {
    return second === undefined ? null : formatDuration(daysBetween(first.at, second.at), unit);
  }
  const inOrder = dated.toSorted((left, right) => (left.at < right.at ? -1 : 1));
  const names = inOrder.map(({ event }) => event);
  return operation === "first" ? (names[0] ?? null) : names.join(", ");
}

/** The recorded order of events, in whichever words it is given. */
function recordedOrder(answer: string, events: readonly string[]): string {
  return events.toSorted((left, right) => answer.indexOf(left) - answer.indexOf(right)).join(", ");
}

function compute(input: unknown, expected: unknown): Projection | Corrected {
  const { question, reference_date: reference } = z
    .object({ question: z.string(), reference_date: z.string().nullable() })
    .parse(input);
  const actual =
    answerDurationQuestion(question, datedTextsOf(input), canonical(reference) ?? undefined) ??
    null;
  const answer = recordedText.parse(expected).result;
  const detected = detectDurationQuestion(question);
  if (detected === undefined) return new Projection(actual, answer);
  const recorded =
    detected.operation === "order" && answer !== null
      ? recordedOrder(answer, detected.events)
      : answer;
  const corrected = answerByOracle(detected, reference, sectionsOf(input));
  return corrected === recorded || detected.events.length === 0
    ? new Projection(actual, recorded)
    : new Corrected(actual, corrected, reason);
}

/** Questions whose answer is calculated from the dates of events. */
export const temporalArithmetic: AreaRunner = {
  area: "temporal_arithmetic",
  run: ({ category, fn = category, input, expected }) => {
    switch (category) {
      case "detect":
        return detect(input, expected);
      case "format": {
        const { days, unit } = z.object({ days: z.number(), unit: z.string() }).parse(input);
        return { text: formatDuration(days, unit) };
      }
      case "find_event":
        return findEvent(input, expected);
      case "compute":
        return compute(input, expected);
      default:
        return new NotMapped(`no counterpart of ${fn}`);
    }
  },
};
