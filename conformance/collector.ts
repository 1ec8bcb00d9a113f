import type { TestRunner } from "./runner.js";

/** The outcome of one statement. `path` are the titles around it, outermost first. */
export interface StatementResult {
  readonly id: string;
  readonly title: string;
  readonly path: readonly string[];
  readonly status: "passed" | "failed" | "skipped";
  readonly error?: unknown;
}

/** A runner without a test framework: register suites with it, then `run` them. */
export interface Collector extends TestRunner {
  /** Runs the tests one after another, in the order of their registration. */
  run(): Promise<StatementResult[]>;
}

async function outcome(body: (() => Promise<void>) | undefined) {
  if (body === undefined) return { status: "skipped" } as const;
  try {
    await body();
    return { status: "passed" } as const;
  } catch (error) {
    return { status: "failed", error } as const;
  }
}

export function createCollector(): Collector {
  const path: string[] = [];
  const tests: { title: string; path: string[]; body: (() => Promise<void>) | undefined }[] = [];
  const add = (title: string, body: (() => Promise<void>) | undefined): void => {
    tests.push({ title, path: [...path], body });
  };

  return {
    describe: (title, body) => {
      path.push(title);
      body();
      path.pop();
    },
    it: Object.assign((title: string, body: () => Promise<void>) => add(title, body), {
      skip: (title: string) => add(title, undefined),
    }),
    async run() {
      const results: StatementResult[] = [];
      for (const test of tests) {
        const [id = test.title] = test.title.split(" ");
        results.push({ id, title: test.title, path: test.path, ...(await outcome(test.body)) });
      }
      return results;
    },
  };
}
