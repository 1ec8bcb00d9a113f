import type { PiiDetector } from "astrocyte/policy";
import type { Row } from "./rows.js";

/** The structured types of the set, and what the detector calls them. */
const detectedTypes: Readonly<Record<string, string>> = {
  CREDIT_CARD: "credit_card",
  PHONE_NUMBER: "phone",
  EMAIL_ADDRESS: "email",
  IBAN_CODE: "iban",
  US_SSN: "ssn",
  IP_ADDRESS: "ip_address",
};
const foundFrom = 0.9;

export interface Score {
  readonly targets: number;
  readonly found: number;
  readonly hits: number;
  readonly falseHits: number;
}

export const emptyScore: Score = { targets: 0, found: 0, hits: 0, falseHits: 0 };

export function addScores(left: Score, right: Score): Score {
  return {
    targets: left.targets + right.targets,
    found: left.found + right.found,
    hits: left.hits + right.hits,
    falseHits: left.falseHits + right.falseHits,
  };
}

interface Target {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** The row with its targets rewritten, and where everything marked is then. */
function rewrite(row: Row, disguise: (value: string) => string): { text: string; gold: Target[] } {
  const characters = Array.from(row.full_text);
  const parts: string[] = [];
  const gold: Target[] = [];
  let copied = 0;
  let length = 0;
  const push = (part: string) => {
    parts.push(part);
    length += Array.from(part).length;
  };
  for (const span of row.spans.toSorted((a, b) => a.start_position - b.start_position)) {
    if (span.start_position < copied) continue;
    push(characters.slice(copied, span.start_position).join(""));
    const start = length;
    const value = characters.slice(span.start_position, span.end_position).join("");
    push(span.entity_type in detectedTypes ? disguise(value) : value);
    gold.push({ type: span.entity_type, start, end: length });
    copied = span.end_position;
  }
  push(characters.slice(copied).join(""));
  return { text: parts.join(""), gold };
}

function isCovered(
  { start, end }: Target,
  spans: readonly { start: number; end: number }[],
): boolean {
  let covered = 0;
  for (let at = start; at < end; at += 1) {
    if (spans.some((span) => span.start <= at && at < span.end)) covered += 1;
  }
  return covered >= foundFrom * (end - start);
}

/** The score of each structured type; a target counts as found whatever type covers it. */
export function scoreRows(
  rows: readonly Row[],
  detector: PiiDetector,
  disguise: (value: string) => string = (value) => value,
): Map<string, Score> {
  const scores = new Map(Object.keys(detectedTypes).map((type) => [type, emptyScore]));
  const add = (type: string, score: Partial<Score>) => {
    scores.set(type, addScores(scores.get(type) ?? emptyScore, { ...emptyScore, ...score }));
  };
  for (const row of rows) {
    const { text, gold } = rewrite(row, disguise);
    const matches = detector.detect(text);
    for (const target of gold.filter(({ type }) => type in detectedTypes)) {
      add(target.type, { targets: 1, found: isCovered(target, matches) ? 1 : 0 });
    }
    for (const match of matches) {
      const type = Object.keys(detectedTypes).find((key) => detectedTypes[key] === match.type);
      const touches = gold.some(({ start, end }) => start < match.end && match.start < end);
      if (type !== undefined) add(type, { hits: 1, falseHits: touches ? 0 : 1 });
    }
  }
  return scores;
}
