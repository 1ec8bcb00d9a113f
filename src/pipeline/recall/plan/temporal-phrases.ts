import { wordPattern } from "../../../internal/word-pattern.js";

const weekday = "(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)";
const count = "(?:\\d+|one|two|three|four|five|six|seven|eight|nine|ten)";

const phrase = wordPattern(
  `\\b(?:${[
    "yesterday",
    "today",
    "recently",
    "lately",
    `last\\s+(?:week|month|year|night)`,
    `(?:last|previous)\\s+${weekday}`,
    `${count}\\s+(?:day|week|weekend|month|year)s?\\s+(?:before|ago|earlier)`,
    "the\\s+week\\s+before",
  ].join("|")})\\b`,
  "giu",
);

/** The expressions of a question that mean a time relative to some other, as they stand in it and in its order, each once. */
export function temporalPhrases(query: string): string[] {
  return [...new Set(query.match(phrase) ?? [])];
}
