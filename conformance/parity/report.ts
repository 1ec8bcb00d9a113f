import type { CaseResult, CaseStatus } from "./run-parity.js";

export interface ParityFigures {
  readonly cases: number;
  readonly passed: number;
  readonly failed: number;
  readonly corrected: number;
  readonly knownDifferences: number;
  readonly notMapped: number;
}

interface CaseDetail {
  readonly id: string;
  readonly detail: string;
}

export interface ParityReport {
  readonly totals: ParityFigures;
  readonly areas: readonly (ParityFigures & { readonly area: string })[];
  readonly failures: readonly CaseDetail[];
  readonly corrected: readonly CaseDetail[];
  readonly knownDifferences: readonly CaseDetail[];
  /** Why cases have no counterpart, and how many each reason covers. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Rows of the table of known differences that no longer differ. */
  readonly stale: readonly string[];
}

function figuresOf(results: readonly CaseResult[]): ParityFigures {
  const count = (wanted: CaseStatus) => results.filter(({ status }) => status === wanted).length;
  return {
    cases: results.length,
    passed: count("passed"),
    failed: count("failed"),
    corrected: count("corrected"),
    knownDifferences: count("known difference"),
    notMapped: count("not mapped"),
  };
}

function detailsOf(results: readonly CaseResult[], wanted: CaseStatus): CaseDetail[] {
  return results
    .filter(({ status }) => status === wanted)
    .map(({ id, detail = "" }) => ({ id, detail }));
}

function countByDetail(details: readonly CaseDetail[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { detail } of details) counts[detail] = (counts[detail] ?? 0) + 1;
  return counts;
}

/** The figures of a run, by area and together. */
export function reportOf(results: readonly CaseResult[]): ParityReport {
  const areas = [...new Set(results.map(({ area }) => area))];
  return {
    totals: figuresOf(results),
    areas: areas.map((area) => ({
      area,
      ...figuresOf(results.filter((result) => result.area === area)),
    })),
    failures: detailsOf(results, "failed"),
    corrected: detailsOf(results, "corrected"),
    knownDifferences: detailsOf(results, "known difference"),
    skipped: countByDetail(detailsOf(results, "not mapped")),
    stale: results.filter(({ stale }) => stale === true).map(({ id }) => id),
  };
}
