import type { CaseResult, CaseStatus } from "./run-parity.js";

export interface ParityFigures {
  readonly cases: number;
  readonly passed: number;
  readonly failed: number;
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
  readonly knownDifferences: readonly CaseDetail[];
  /** Rows of the table of known differences that no longer differ. */
  readonly stale: readonly string[];
}

function figuresOf(results: readonly CaseResult[]): ParityFigures {
  const count = (wanted: CaseStatus) => results.filter(({ status }) => status === wanted).length;
  return {
    cases: results.length,
    passed: count("passed"),
    failed: count("failed"),
    knownDifferences: count("known difference"),
    notMapped: count("not mapped"),
  };
}

function detailsOf(results: readonly CaseResult[], wanted: CaseStatus): CaseDetail[] {
  return results
    .filter(({ status }) => status === wanted)
    .map(({ id, detail = "" }) => ({ id, detail }));
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
    knownDifferences: detailsOf(results, "known difference"),
    stale: results.filter(({ stale }) => stale === true).map(({ id }) => id),
  };
}
