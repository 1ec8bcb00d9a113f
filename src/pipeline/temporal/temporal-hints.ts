import { amountSource, phrasePattern, unitSource } from "./phrases.js";

export type TemporalHintKind =
  | "relative_day"
  | "relative_week"
  | "relative_weekday"
  | "relative_weekend"
  | "relative_offset"
  | "recent";

/** An expression of time that is relative to when the text was written. */
export interface TemporalHint {
  readonly kind: TemporalHintKind;
  /** As it stands in the text. */
  readonly phrase: string;
}

/** Monday first. */
export const weekdayNames = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

interface HintRule {
  readonly kind: TemporalHintKind;
  readonly pattern: RegExp;
}

const rules: readonly HintRule[] = [
  { kind: "relative_day", pattern: phrasePattern("yesterday", "g") },
  { kind: "relative_week", pattern: phrasePattern("last week|the week before", "g") },
  {
    kind: "relative_weekday",
    pattern: phrasePattern(`(?:last|previous) (?<weekday>${weekdayNames.join("|")})`, "g"),
  },
  {
    kind: "relative_weekend",
    pattern: phrasePattern(`(?<amount>${amountSource}) weekends? (?:before|ago|earlier)`, "g"),
  },
  {
    kind: "relative_offset",
    pattern: phrasePattern(
      `(?<amount>${amountSource}) (?<unit>${unitSource})s? (?:before|ago|earlier)`,
      "g",
    ),
  },
  { kind: "recent", pattern: phrasePattern("recently|lately", "g") },
];

export interface HintMatch extends TemporalHint {
  readonly groups: Readonly<Record<string, string | undefined>>;
}

/** Every occurrence, kind by kind. */
export function matchHints(text: string): HintMatch[] {
  return rules.flatMap(({ kind, pattern }) =>
    Array.from(text.matchAll(pattern), ({ 0: phrase, groups = {} }) => ({ kind, phrase, groups })),
  );
}

/** The relative expressions of a text, each once however it is written, kind by kind and then in their order. */
export function extractTemporalHints(text: string): TemporalHint[] {
  const hints = new Map<string, TemporalHint>();
  for (const { kind, phrase } of matchHints(text)) {
    const key = `${kind} ${phrase.toLowerCase()}`;
    if (!hints.has(key)) hints.set(key, { kind, phrase });
  }
  return [...hints.values()];
}
