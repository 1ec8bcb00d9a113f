import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { listExamples, runExample } from "./support/run-example.js";

const examples = listExamples();

it("finds the examples", () => {
  expect(examples.length).toBeGreaterThan(0);
});

it("reports a failing example", { timeout: 120_000 }, async () => {
  const file = new URL("fixtures/failing-example.ts", import.meta.url);
  const { code, output } = await runExample(fileURLToPath(file));
  expect(code).toBe(1);
  expect(output).toContain("this example is wrong on purpose");
});

it.each(examples.map((file) => [basename(file), file]))(
  "%s runs and finds its own result right",
  { timeout: 120_000 },
  async (_name, file) => {
    const outcome = await runExample(file);
    expect(outcome).toEqual({ code: 0, output: outcome.output });
  },
);
