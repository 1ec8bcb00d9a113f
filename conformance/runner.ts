type Body = () => Promise<void>;

/** What a suite needs of a test runner; `vitest`, `node:test`, `bun:test` and `jest` have it. */
export interface TestRunner {
  readonly describe: (title: string, body: () => void) => unknown;
  readonly it: {
    (title: string, body: Body): unknown;
    skip(title: string, body: Body): unknown;
  };
}
