import { wordPattern } from "../../../internal/word-pattern.js";
import type { KnownIntent } from "./query-intent.js";

export interface IntentSignal {
  readonly pattern: RegExp;
  readonly weight: number;
}

const weekday = "(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)";
const longUnit = "(?:day|week|month|year)s?";
const unit = "(?:day|week|month|year|hour|minute)s?";
const earlier = "(?:before|ago|earlier)";

function signal(weight: number, words: string): IntentSignal {
  return { pattern: wordPattern(`\\b(?:${words})\\b`), weight };
}

/** Each counts once, however often it matches. @remarks Contract 05 section 6.1. */
export const intentSignals: Readonly<Record<KnownIntent, readonly IntentSignal[]>> = {
  temporal: [
    signal(
      0.7,
      `when|recently|lately|yesterday|today|last\\s+(?:week|month|year|night|${weekday})`,
    ),
    signal(0.6, `(?:previous|last)\\s+${weekday}`),
    signal(0.6, `(?:two|three|four|\\d+)\\s+weekends?\\s+${earlier}`),
    signal(
      0.5,
      `(?:\\d+|one|two|three|four|five|six|seven|eight|nine|ten)\\s+${longUnit}\\s+${earlier}`,
    ),
    signal(0.5, "the\\s+week\\s+before"),
    signal(0.4, "before|after|since|until|during"),
    signal(0.2, "\\d{4}"),
    signal(0.3, "earlier|later|latest|oldest|newest|first|last"),
    signal(0.8, `how\\s+(?:many|long)\\s+${unit}`),
    signal(0.7, `${longUnit}\\s+(?:between|elapsed|passed|apart)`),
    signal(0.7, "in\\s+(?:what|which)\\s+(?:order|sequence)"),
    signal(0.6, "happened\\s+(?:first|last|before|after|in\\s+order)"),
    signal(0.5, "duration|interval|time\\s*frame|time\\s*span"),
    signal(0.8, "how\\s+(?:many|long)\\s+(?:days|weeks|months|years)\\s+ago"),
  ],
  relational: [
    signal(0.8, "relate|related|relation|relationship|connect(?:ed|ion)?|linked\\s+to"),
    signal(0.5, "between\\s+\\w+\\s+and\\s+\\w+"),
    signal(0.3, "depend\\w*|influence|cause|effect|impact"),
  ],
  comparative: [
    signal(0.9, "vs|versus"),
    signal(0.8, "compared?|comparison"),
    signal(0.7, "differ\\w*"),
    signal(0.6, "(?:better|worse|more|less|greater|smaller)\\s+than"),
    signal(0.4, "similar\\s+to"),
  ],
  procedural: [
    signal(0.8, "how\\s+(?:to|do\\s+i|can\\s+i|should\\s+i)"),
    signal(0.5, "steps?|procedure|process|workflow|tutorial|guide"),
    signal(0.4, "configure|install|setup|set\\s+up|enable|disable"),
  ],
  factual: [
    {
      pattern: wordPattern("^(?:what|who|where|which|how\\s+many|how\\s+much)\\b"),
      weight: 0.6,
    },
    signal(0.2, "(?:is|are)\\s+the"),
  ],
  exploratory: [
    signal(0.8, "(?:tell\\s+me|what|anything)\\s+about"),
    signal(0.5, "summary|overview|describe|explain"),
  ],
};
