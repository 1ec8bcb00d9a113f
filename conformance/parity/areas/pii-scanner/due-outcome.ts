import type { RecordedMatch, ScannerConfig } from "./recorded.js";

function overlaps(matches: readonly RecordedMatch[]): boolean {
  return matches.some((left, index) =>
    matches.some(
      (right, other) => index < other && left.start < right.end && right.start < left.end,
    ),
  );
}

/** Each character under the number of its cluster; a cluster is what overlapping spans cover together. */
function spliced(
  text: string,
  matches: readonly RecordedMatch[],
  labels: ReadonlyMap<RecordedMatch, string>,
): string {
  const characters = Array.from(text);
  let result = "";
  for (let at = 0; at <= characters.length;) {
    const begun = matches.filter(({ start }) => start === at);
    if (begun.length === 0) {
      result += characters[at] ?? "";
      at += 1;
      continue;
    }
    const longest = Math.max(...begun.map(({ end }) => end));
    const first = begun.find(({ end }) => end === longest);
    result += first === undefined ? "" : (labels.get(first) ?? "");
    let clusterEnd = longest;
    for (let position = at; position < clusterEnd; position += 1) {
      for (const { start, end } of matches) {
        if (start === position) clusterEnd = Math.max(clusterEnd, end);
      }
    }
    if (clusterEnd === at) {
      result += characters[at] ?? "";
      at += 1;
    } else at = clusterEnd;
  }
  return result;
}

/** What is due for these matches: one label for each cluster of overlapping spans, and `reject` inherited by overrides. */
export function dueOutcome(
  text: string,
  matches: readonly RecordedMatch[],
  { action, type_overrides: overrides }: ScannerConfig,
): Record<string, unknown> {
  const actionOf = ({ type }: RecordedMatch) => overrides[type]?.action ?? action;
  const rejected = matches.filter((match) => actionOf(match) === "reject");
  if (rejected.length > 0) {
    return {
      matches,
      error: { class: "PiiRejected" },
      pii_types: rejected.map(({ type }) => type),
    };
  }
  const labels = new Map(
    matches.map((match) => [
      match,
      (overrides[match.type]?.replacement ?? match.replacement) || "[REDACTED]",
    ]),
  );
  return {
    matches,
    text: spliced(
      text,
      matches.filter((match) => actionOf(match) === "redact"),
      labels,
    ),
  };
}

/** Why the outcome may differ from the recorded one though the matches agree, or undefined. */
export function outcomeReason(
  matches: readonly RecordedMatch[],
  { action, type_overrides: overrides }: ScannerConfig,
): string | undefined {
  if (overlaps(matches)) return "D-41: overlapping matches are replaced together, once";
  const inherits = matches.some(
    ({ type }) => Object.hasOwn(overrides, type) && overrides[type]?.action === undefined,
  );
  return action === "reject" && inherits
    ? "04 section 4.3: an override without an action inherits reject"
    : undefined;
}
