/** What became of the memories of an AMA file. */
export interface ImportResult {
  readonly imported: number;
  /** Whose id the bank has already. */
  readonly skipped: number;
  /** Wrong in itself, refused by a policy, or there already with `onConflict: "error"`. */
  readonly errors: number;
  /** Lines that hold no memory. */
  readonly malformed: number;
  /** What was wrong, by line, for at most the first 100; never a text of the file. */
  readonly problems: readonly string[];
}

/** What to do with a memory whose id the bank has already. */
export const conflictRules = ["skip", "overwrite", "error"] as const;
export type ConflictRule = (typeof conflictRules)[number];

const maxProblems = 100;

/** Counts while an import goes on. */
export class ImportTally {
  imported = 0;
  skipped = 0;
  errors = 0;
  malformed = 0;
  readonly problems: string[] = [];

  get read(): number {
    return this.imported + this.skipped + this.errors + this.malformed;
  }

  fail(lineNumber: number, reason: string): void {
    this.errors += 1;
    this.note(`line ${lineNumber}: ${reason}`);
  }

  note(problem: string): void {
    if (this.problems.length < maxProblems) this.problems.push(problem);
  }

  result(): ImportResult {
    const { imported, skipped, errors, malformed, problems } = this;
    return { imported, skipped, errors, malformed, problems: [...problems] };
  }
}
