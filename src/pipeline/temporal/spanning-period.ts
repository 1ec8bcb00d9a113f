import { dayNumber } from "./calendar.js";
import { periodOfMention, type DateMention } from "./date-mentions.js";
import { dayPeriod, type FoundPeriod } from "./period.js";
import { phrasePattern } from "./phrases.js";

const reachingTo = /^(?:\s{0,4}[-–—]\s{0,4}|\s{1,4}(?:to|until|till|through|thru|up to)\s{1,4})$/iu;
const joining = /^\s{1,4}and\s{1,4}$/iu;
const between = /(?<![\p{L}\p{N}_])between\s{1,4}$/iu;
const untilNow = phrasePattern("^(?:to|until|till|through|up to) (?:now|today|the present)");
const contextCharacters = 32;

function spansTo(text: string, first: DateMention, second: DateMention): boolean {
  if (second.index - first.endIndex > contextCharacters) return false;
  const gap = text.slice(first.endIndex, second.index);
  const before = text.slice(Math.max(0, first.index - contextCharacters), first.index);
  return reachingTo.test(gap) || (joining.test(gap) && between.test(before));
}

/** Both in one, whichever of them is earlier. */
function join(first: FoundPeriod, second: FoundPeriod): FoundPeriod {
  return {
    period: {
      startMs: Math.min(first.period.startMs, second.period.startMs),
      endMs: Math.max(first.period.endMs, second.period.endMs),
    },
    index: first.index,
    endIndex: second.endIndex,
  };
}

/** "2020" and " until now" together. */
function reachNow(text: string, first: FoundPeriod, nowMs: number): FoundPeriod | undefined {
  const rest = text.slice(first.endIndex, first.endIndex + contextCharacters);
  const match = untilNow.exec(rest.trimStart());
  const today = dayPeriod(dayNumber(nowMs));
  if (match === null || today === undefined) return undefined;
  const endIndex = first.endIndex + rest.length - rest.trimStart().length + match[0].length;
  return join(first, { period: today, index: first.endIndex, endIndex });
}

/**
 * The first range that a text gives by its ends: "from 2020 to 2022", "between March and May 2024", "2024-01-05 - 2024-02-10",
 * "2020 until now". The first end may take its year from the second.
 */
export function spanningPeriod(
  text: string,
  mentions: readonly DateMention[],
  nowMs: number,
): FoundPeriod | undefined {
  for (const [position, mention] of mentions.entries()) {
    const next = mentions[position + 1];
    const second = next === undefined ? undefined : periodOfMention(next);
    if (next !== undefined && second !== undefined && spansTo(text, mention, next)) {
      const first = periodOfMention(mention, next);
      if (first !== undefined) return join(first, second);
    }
    const alone = periodOfMention(mention);
    const span = alone === undefined ? undefined : reachNow(text, alone, nowMs);
    if (span !== undefined) return span;
  }
  return undefined;
}
