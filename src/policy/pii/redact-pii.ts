import { applyMatches, effectiveAction, type PiiRules } from "./apply-matches.js";
import { utf16Starts } from "./code-point-offsets.js";
import type { PiiDetector } from "./pii-detector.js";
import type { PiiMatch } from "./pii-match.js";

/** Two rounds are rare; more come only from labels that are personal data themselves. */
const maxRounds = 8;

export interface RedactedText {
  readonly text: string;
  /** What was found in the text as given, also what the rules leave in it. */
  readonly matches: readonly PiiMatch[];
}

function labelsOf(detector: PiiDetector, { typeOverrides = {} }: PiiRules): string[] {
  const overrides = Object.values(typeOverrides).flatMap(({ replacement }) => replacement ?? []);
  return ["[REDACTED]", ...detector.labels, ...overrides];
}

/** True when the match is a piece of a label that stands in the text at this place. */
function isInLabel(
  text: string,
  start: number,
  { text: matched }: PiiMatch,
  labels: readonly string[],
): boolean {
  return labels.some((label) => {
    for (let at = label.indexOf(matched); at >= 0; at = label.indexOf(matched, at + 1)) {
      if (start >= at && text.startsWith(label, start - at)) return true;
    }
    return false;
  });
}

/**
 * Detects and applies the rules until nothing is left that they would redact: a label can set free the boundary of another
 * match. So redacting a redacted text changes nothing; labels in the text are left alone.
 *
 * @throws PiiRejectedError (`ASTROCYTE_PII_REJECTED`) as {@link applyMatches} does.
 */
export function redactPii(text: string, detector: PiiDetector, rules: PiiRules): RedactedText {
  const labels = labelsOf(detector, rules);
  const applicable = (current: string, matches: readonly PiiMatch[]) => {
    const starts = utf16Starts(current);
    return matches.filter(
      (match) =>
        match.end > match.start &&
        !isInLabel(current, starts?.[match.start] ?? match.start, match, labels),
    );
  };
  const matches = detector.detect(text);
  let redacted = text;
  let found = applicable(text, matches);
  for (
    let round = 1;
    round <= maxRounds && found.some(({ type }) => effectiveAction(type, rules) !== "warn");
    round += 1
  ) {
    redacted = applyMatches(redacted, found, rules);
    found = applicable(redacted, detector.detect(redacted));
  }
  return { text: redacted, matches };
}
