import { whitespaceClass } from "../../internal/whitespace.js";
import { phrasePattern } from "./phrases.js";

const durationUnits = ["days", "weeks", "months", "years"] as const;
export type DurationUnit = (typeof durationUnits)[number];

/** What a question wants calculated. */
export type DurationOperation = "between" | "ago" | "since" | "first" | "order";

/** A question whose answer is calculated from the dates of events. */
export interface DurationQuestion {
  readonly operation: DurationOperation;
  readonly unit: DurationUnit;
  /** In the question's words; empty when they cannot be told apart. */
  readonly events: readonly string[];
}

const space = `[${whitespaceClass}]+`;
const howMany = `how many (?<unit>${durationUnits.join("|")})`;

interface Rule {
  readonly operation: DurationOperation;
  readonly pattern: RegExp;
  /** From what follows the pattern. */
  readonly events: (rest: string) => string[];
}

const edges = new RegExp(`^[${whitespaceClass}"'“”‘’.,:;?!]+`, "u");
const edgeCharacter = new RegExp(`[${whitespaceClass}"'“”‘’.,:;?!]`, "u");
const person = new RegExp(
  `^(?:did|was|were|is|have|had)${space}(?:(?:i|we|my|our|the)${space})?`,
  "iu",
);
const subject = new RegExp(`^(?:i|we)${space}`, "iu");

/** Without quotation marks, punctuation and whitespace around it. */
function bare(text: string): string {
  const start = text.replace(edges, "");
  let end = start.length;
  while (end > 0 && edgeCharacter.test(start.charAt(end - 1))) end -= 1;
  return start.slice(0, end);
}

function named(...texts: readonly string[]): string[] {
  const events = texts.map(bare);
  return events.includes("") ? [] : events;
}

function splitOnce(text: string, separator: RegExp): string[] {
  const match = separator.exec(text);
  if (match === null) return [];
  return [text.slice(0, match.index), text.slice(match.index + match[0].length)];
}

const and = phrasePattern("and");
const or = phrasePattern("or");
const listSeparator = new RegExp(`,(?:${space}and${space})?|${space}and${space}`, "iu");
const inOrder = phrasePattern("from first to last");

function withoutArticle(text: string): string {
  const trimmed = bare(text);
  return /^(?:the|my)\s/iu.test(trimmed) ? bare(trimmed.slice(3)) : trimmed;
}

/** The three of "…, from first to last: A, B and C". */
function orderedEvents(rest: string): string[] {
  const match = inOrder.exec(rest);
  if (match === null) return [];
  const events = rest
    .slice(match.index + match[0].length)
    .split(listSeparator)
    .map(bare)
    .filter((event) => event !== "");
  return events.length === 3 ? events : [];
}

const rules: readonly Rule[] = [
  {
    operation: "between",
    pattern: phrasePattern(`${howMany} (?:(?:have|has|had) )?(?:passed|elapsed) between`),
    events: (rest) => named(...splitOnce(rest, and)),
  },
  {
    operation: "ago",
    pattern: phrasePattern(`${howMany} ago`),
    events: (rest) => {
      const question = bare(rest);
      return person.test(question) ? named(question.replace(person, "")) : [];
    },
  },
  {
    operation: "since",
    pattern: phrasePattern(`${howMany} (?:(?:have|has|had) )?(?:passed|elapsed) since`),
    events: (rest) => named(bare(rest).replace(subject, "")),
  },
  {
    operation: "first",
    pattern: phrasePattern("which event happened (?:first|earlier|sooner)"),
    events: (rest) => named(...splitOnce(rest, or).map(withoutArticle)),
  },
  {
    operation: "order",
    pattern: phrasePattern("which (?:three|3) events happened"),
    events: orderedEvents,
  },
];
const unitPattern = phrasePattern(howMany);

/** The unit of "how many weeks …"; days when the question names none. */
export function durationUnit(question: string): DurationUnit {
  const unitName = unitPattern.exec(question)?.groups?.["unit"]?.toLowerCase();
  return durationUnits.find((unit) => unit === unitName) ?? "days";
}

/**
 * Recognises questions such as "How many days passed between A and B?", "How many weeks ago did I …?", "How many months have
 * passed since …?", "Which event happened first, A or B?" and "Which three events happened in the order from first to last: A,
 * B and C?". Undefined for any other.
 */
export function detectDurationQuestion(question: string): DurationQuestion | undefined {
  for (const { operation, pattern, events } of rules) {
    const match = pattern.exec(question);
    if (match === null) continue;
    return {
      operation,
      unit: durationUnit(question),
      events: events(question.slice(match.index + match[0].length)),
    };
  }
  return undefined;
}
