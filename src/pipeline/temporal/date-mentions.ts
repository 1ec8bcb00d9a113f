import { datePeriod, monthPeriod, yearPeriod, type FoundPeriod } from "./period.js";
import { phrasePattern } from "./phrases.js";

const firstYear = 1900;
const lastYear = 2100;

const monthNames = [
  "jan",
  "feb",
  "mar",
  "apr",
  "may",
  "jun",
  "jul",
  "aug",
  "sep",
  "oct",
  "nov",
  "dec",
];
const monthSource =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";
const daySource = "\\d{1,2}(?:st|nd|rd|th)?";

/** The longest reading at a place comes first. */
const datePattern = phrasePattern(
  [
    "(?<isoDay>\\d{4}-\\d{2}-\\d{2})",
    "(?<isoMonth>\\d{4}-\\d{2})",
    `(?<dayFirst>${daySource}) (?:of )?(?<dayFirstMonth>${monthSource}),? (?<dayFirstYear>\\d{4})`,
    `(?<dayMonth>${monthSource}) (?<daySecond>${daySource})(?:,? (?<daySecondYear>\\d{4}))?`,
    `(?<month>${monthSource})(?:,? (?<monthYear>\\d{4}))?`,
    "(?<year>\\d{4})",
  ].join("|"),
  "g",
);

/** A number after one of these, or before one of those below, counts or names something else than a year. */
const labelBefore =
  /(?:[#$€£¥]|(?<![\p{L}\p{N}_])(?:apartment|building|bus|chapter|channel|class|error|extension|flat|flight|gate|highway|house|invoice|issue|item|line|locker|lot|model|no\.|number|office|order|page|pin|platform|port|room|route|seat|section|serial|shop|slide|store|street|suite|ticket|track|train|unit|version)s?)\s{0,4}[#:]?\s{0,4}$/iu;
const countedAfter =
  /^\s{0,4}(?:%|[€£¥]|(?:bucks|calories|cents|characters|dollars|euros|feet|hours|items|kcal|kilometers|kilometres|kg|km|meters|metres|miles|minutes|people|points|pounds|rows|seconds|steps|times|tokens|users|words|yen)(?![\p{L}\p{N}_]))/iu;
/** Before a lone number they make it a year. */
export const introducesYear = phrasePattern("(?:in|during|from|since|before|after|until|year) $");
const contextCharacters = 32;

/** How a date is written; the analysis tries them in this order. */
export type DateForm = "isoDay" | "isoMonth" | "named" | "year";

/** A date as far as a text names it. */
export interface DateMention {
  readonly form: DateForm;
  readonly year: number | undefined;
  readonly month?: number | undefined;
  readonly day?: number | undefined;
  readonly index: number;
  readonly endIndex: number;
}

function monthNumber(name: string | undefined): number | undefined {
  return name === undefined ? undefined : monthNames.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number.parseInt(digits, 10);
}

type DateParts = Pick<DateMention, "form" | "year" | "month" | "day">;

function partsOf(groups: Readonly<Record<string, string | undefined>>): DateParts {
  const iso = groups["isoDay"] ?? groups["isoMonth"];
  if (iso !== undefined) {
    const [year, month, day] = iso.split("-").map(Number);
    return { form: day === undefined ? "isoMonth" : "isoDay", year, month, day };
  }
  const month = monthNumber(groups["dayFirstMonth"] ?? groups["dayMonth"] ?? groups["month"]);
  if (month === undefined) return { form: "year", year: numberOf(groups["year"]) };
  return {
    form: "named",
    year: numberOf(groups["dayFirstYear"] ?? groups["daySecondYear"] ?? groups["monthYear"]),
    month,
    day: numberOf(groups["dayFirst"] ?? groups["daySecond"]),
  };
}

/** The parts of a date that exists: 30 February is read as February, and month 13 as the year. */
function existingParts(parts: DateParts): DateParts | undefined {
  const { form, year, month, day } = parts;
  if (year === undefined) return parts;
  if (month !== undefined) {
    if (day !== undefined && datePeriod(year, month, day) !== undefined) return parts;
    if (monthPeriod(year, month) !== undefined) {
      return { form: form === "isoDay" ? "isoMonth" : form, year, month };
    }
  }
  return year >= firstYear && year <= lastYear ? { form: "year", year } : undefined;
}

function isLabel(text: string, index: number, endIndex: number): boolean {
  const before = text.slice(Math.max(0, index - contextCharacters), index);
  if (labelBefore.test(before)) return true;
  return (
    countedAfter.test(text.slice(endIndex, endIndex + contextCharacters)) &&
    !introducesYear.test(before)
  );
}

/**
 * The dates of a text in order, also months and days without a year. A lone number is a year from 1900 to 2100, unless a word
 * beside it says otherwise ("room 1984", "2000 steps").
 */
export function dateMentions(text: string): DateMention[] {
  const mentions: DateMention[] = [];
  for (const match of text.matchAll(datePattern)) {
    const { index } = match;
    const endIndex = index + match[0].length;
    const parts = existingParts(partsOf(match.groups ?? {}));
    if (parts === undefined) continue;
    if (match.groups?.["year"] !== undefined && isLabel(text, index, endIndex)) continue;
    mentions.push({ ...parts, index, endIndex });
  }
  return mentions;
}

/** The day, month or year that a mention names; undefined without a year of its own or of `yearFrom`. */
export function periodOfMention(
  mention: DateMention,
  yearFrom?: DateMention,
): FoundPeriod | undefined {
  const { month, day, index, endIndex } = mention;
  const year = mention.year ?? yearFrom?.year;
  if (year === undefined) return undefined;
  let period = yearPeriod(year);
  if (month !== undefined && day !== undefined) period = datePeriod(year, month, day);
  else if (month !== undefined) period = monthPeriod(year, month);
  return period === undefined ? undefined : { period, index, endIndex };
}
