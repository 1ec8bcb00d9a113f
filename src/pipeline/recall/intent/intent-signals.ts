import { amountSource, phrasePattern, unitSource } from "../../temporal/phrases.js";
import { weekdayNames } from "../../temporal/temporal-hints.js";
import type { KnownIntent } from "./query-intent.js";

export interface IntentSignal {
  readonly pattern: RegExp;
  readonly weight: number;
}

const word = "[\\p{L}\\p{N}_]";
const weekday = `(?:${weekdayNames.join("|")})`;
const unit = `(?:${unitSource})s?`;
const clockUnit = `(?:${unitSource}|hour|minute)s?`;
const earlier = "(?:before|ago|earlier)";

/** A space stands for a run of whitespace. */
function signal(weight: number, phrases: string): IntentSignal {
  return { pattern: phrasePattern(phrases), weight };
}

/** Each counts once, however often it matches. @remarks Contract 05 section 6.1. */
export const intentSignals: Readonly<Record<KnownIntent, readonly IntentSignal[]>> = {
  temporal: [
    signal(0.7, `when|recently|lately|yesterday|today|last (?:week|month|year|night|${weekday})`),
    signal(0.6, `(?:previous|last) ${weekday}`),
    signal(0.6, `(?:two|three|four|\\d+) weekends? ${earlier}`),
    signal(0.5, `(?:${amountSource}) ${unit} ${earlier}`),
    signal(0.5, "the week before"),
    signal(0.4, "before|after|since|until|during"),
    signal(0.2, "\\p{Nd}{4}"),
    signal(0.3, "earlier|later|latest|oldest|newest|first|last"),
    signal(0.8, `how (?:many|long) ${clockUnit}`),
    signal(0.7, `${unit} (?:between|elapsed|passed|apart)`),
    signal(0.7, "in (?:what|which) (?:order|sequence)"),
    signal(0.6, "happened (?:first|last|before|after|in order)"),
    signal(0.5, "duration|interval|time (?:frame|span)|time(?:frame|span)"),
    signal(0.8, "how (?:many|long) (?:days|weeks|months|years) ago"),
  ],
  relational: [
    signal(0.8, "relate|related|relation|relationship|connect(?:ed|ion)?|linked to"),
    signal(0.5, `between ${word}+ and ${word}+`),
    signal(0.3, `depend${word}*|influence|cause|effect|impact`),
  ],
  comparative: [
    signal(0.9, "vs|versus"),
    signal(0.8, "compared?|comparison"),
    signal(0.7, `differ${word}*`),
    signal(0.6, "(?:better|worse|more|less|greater|smaller) than"),
    signal(0.4, "similar to"),
  ],
  procedural: [
    signal(0.8, "how (?:to|do i|can i|should i)"),
    signal(0.5, "steps?|procedure|process|workflow|tutorial|guide"),
    signal(0.4, "configure|install|setup|set up|enable|disable"),
  ],
  factual: [
    signal(0.6, "^(?:what|who|where|which|how many|how much)"),
    signal(0.2, "(?:is|are) the"),
  ],
  exploratory: [
    signal(0.8, "(?:tell me|what|anything) about"),
    signal(0.5, "summary|overview|describe|explain"),
  ],
};
