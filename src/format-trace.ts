import type { MemoryHit, RecallResult } from "./dto/recall.js";
import { firstCodePoints } from "./pipeline/llm/prompt-section.js";

const longestText = 48;

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function signed(value: number): string {
  return `${value < 0 ? "-" : "+"}${shortNumber(Math.abs(value))}`;
}

function named(values: Readonly<Record<string, number>>, write: (value: number) => string): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${write(value)}`)
    .join(", ");
}

function strongest(signs: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(signs)
      .filter(([, value]) => value !== 0)
      .toSorted(([, a], [, b]) => Math.abs(b) - Math.abs(a))
      .slice(0, 4),
  );
}

/** One line, without control characters, which could forge further lines. */
function lineOf(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
  const head = firstCodePoints(line, longestText);
  return head === line ? line : `${head}…`;
}

function rowOf({ explanation, ...hit }: MemoryHit, index: number): string[] {
  const { strategies = {}, signs = {}, boosts = {}, filters = [] } = explanation ?? {};
  const found = Object.entries(strategies).map(
    ([name, { rank, score }]) => `${name} #${rank} (${shortNumber(score)})`,
  );
  const changes = [named(strongest(signs), signed), named(boosts, signed), filters.join(" ")];
  return [
    String(index + 1),
    shortNumber(hit.score),
    lineOf(hit.memoryId ?? "-"),
    (found.length > 0 ? found : (hit.strategies ?? [])).join(", "),
    changes.filter((change) => change !== "").join(" | "),
    lineOf(hit.text),
  ];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/**
 * A recall as a small table to read: what was asked of which search, how long it took, and for each hit its place and score in
 * every search, the strongest signs, and what later stages changed. Most of it is there only after
 * `recall(query, { ..., explain: true })`. The texts of the memories stand in it, cut short; do not log it where these must not be.
 */
export function formatTrace({
  hits,
  totalAvailable,
  truncated,
  trace = {},
  usage,
}: RecallResult): string {
  const {
    fusionMethod = "none",
    latencyMs,
    stageTimingsMs = {},
    strategyCandidateCounts = {},
  } = trace;
  const stages = named(stageTimingsMs, shortNumber);
  const time = latencyMs === undefined ? "" : `, ${shortNumber(latencyMs)} ms`;
  const head = [
    `${hits.length} of ${totalAvailable} hits, ${fusionMethod}${time}${truncated ? ", truncated" : ""}`,
    ...(stages === "" ? [] : [`milliseconds: ${stages}`]),
    ...(Object.keys(strategyCandidateCounts).length === 0
      ? []
      : [`candidates: ${named(strategyCandidateCounts, String)}`]),
    ...(trace.timeRange === undefined ? [] : [`time: ${trace.timeRange.join(" to ")}`]),
    ...(usage === undefined
      ? []
      : [`model: ${usage.calls} calls, ${usage.inputTokens} + ${usage.outputTokens} tokens`]),
    ...(trace.failures ?? []).map((failure) => `left out: ${lineOf(failure)}`),
  ];
  if (hits.length === 0) return head.join("\n");
  const rows = [
    ["#", "score", "memory", "found by", "signs | boosts | filters", "text"],
    ...hits.map(rowOf),
  ];
  return [...head, ...table(rows)].join("\n");
}
