import { phrasePattern } from "./phrases.js";

const marker = phrasePattern(
  [
    "when|then|ever|never|now|while|since|until|till|before|after|during|ago|between|around",
    "yesterday|today|tomorrow|tonight|last|next|past|previous|previously|prior|recent|recently|lately",
    "earlier|early|later|late|latest|first|once|always|current|currently|date|dates|time|times",
    "hours?|days?|weeks?|weekends?|months?|quarters?|years?|decades?|century|centuries",
    "mornings?|afternoons?|evenings?|nights?|spring|summer|autumn|fall|winter|christmas|easter",
    "mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?",
    "january|february|march|april|may|june|july|august|september|october|november|december",
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec",
    "\\d{4}",
  ].join("|"),
);

/** Whether a query has a word of time or a number of four digits, without which asking a model for a range is not worth it. */
export function hasTemporalMarker(query: string): boolean {
  return marker.test(query);
}
