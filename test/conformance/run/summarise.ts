import type { StatementResult } from "astrocyte/conformance";

/** The figures of one suite on one target. */
export interface SuiteFigures {
  readonly target: string;
  readonly suite: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Counts results by target and suite, in the order in which they first appear. */
export function summarise(results: readonly StatementResult[]): SuiteFigures[] {
  const suites = new Map<string, SuiteFigures>();
  for (const { path, status } of results) {
    const [title = ""] = path;
    const split = title.lastIndexOf(": ");
    const figures = suites.get(title) ?? {
      target: title.slice(0, split),
      suite: title.slice(split + 2),
      passed: 0,
      failed: 0,
      skipped: 0,
    };
    suites.set(title, { ...figures, [status]: figures[status] + 1 });
  }
  return [...suites.values()];
}
