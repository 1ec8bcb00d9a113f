import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError } from "astrocyte";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Corrected, NotMapped, type AreaRunner } from "../../conformance/parity/area-runner.js";
import { findDifference } from "../../conformance/parity/find-difference.js";
import { knownDifferences } from "../../conformance/parity/known-differences.js";
import type { ParityCase } from "../../conformance/parity/parity-case.js";
import { readAreas } from "../../conformance/parity/read-areas.js";
import { reportOf } from "../../conformance/parity/report.js";
import { runParity } from "../../conformance/parity/run-parity.js";

const root = join(import.meta.dirname, "../..");
const right = {
  id: "mock_provider/embed/right",
  category: "embed",
  fn: "MockLLMProvider.embed",
  input: { text: "Alice likes dark mode." },
  expected: { dim: 128, nonzero: { 31: 0.5, 55: 0.5, 60: 0.5, 70: 0.5 } },
};
const wrong = {
  ...right,
  id: "mock_provider/embed/wrong",
  expected: { dim: 128, nonzero: { 31: 0.5, 55: 0.5, 60: 0.5, 71: 0.5 } },
};
const unknown = {
  id: "other/1",
  category: "any",
  input: {},
  expected: { value: { $float: "nan" } },
};

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-parity-"));
  const write = (area: string, cases: object[]) =>
    writeFileSync(join(folder, `${area}.json`), JSON.stringify({ area, cases }));
  write("mock_provider", [right, wrong]);
  write("other", [unknown]);
  write("ingest", [{ ...unknown, id: "ingest/1" }]);
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: string[]) {
  const command = ["--conditions=@astrocyte/source", "conformance/parity/cli.ts", ...args];
  const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
  return spawnSync(process.execPath, [tsx, ...command], { cwd: root, encoding: "utf8" });
}

describe("the command", () => {
  it("reports a wrong vector and an area that nobody knows as failed", () => {
    const json = join(folder, "report.out");
    const { status, stdout } = run(folder, "--json", json);
    expect(stdout).toContain("FAILED mock_provider/embed/wrong\n  nonzero.71: expected 0.5");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("1 passed, 2 failed, 1 skipped");
    expect(status).toBe(1);
    expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject({
      totals: { cases: 4, passed: 1, failed: 2, corrected: 0, knownDifferences: 0, notMapped: 1 },
      areas: [{ area: "ingest", notMapped: 1 }, { area: "mock_provider" }, { area: "other" }],
      failures: [{ id: "mock_provider/embed/wrong" }, { id: "other/1" }],
      skipped: { "outside the first releases": 1 },
    });
  });

  it("runs one area only when asked", () => {
    const { status, stdout } = run(folder, "--area", "ingest");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("0 passed, 0 failed, 1 skipped");
    expect(status).toBe(0);
  });

  it.each([
    ["a missing folder", ["no/such/folder"], "Usage: npm run parity"],
    ["an area without a file", ["--area", "nowhere"], "No area file of nowhere"],
  ])("ends with 2 and says why for %s", (_what, args, message) => {
    const { status, stdout } = run(...args);
    expect(stdout).toContain(message);
    expect(status).toBe(2);
  });
});

function parityCase(fields: Partial<ParityCase>): ParityCase {
  return {
    id: "area/1",
    category: "any",
    input: { n: 2 },
    expected: { double: 5, note: "x" },
    ...fields,
  };
}

describe("a run", () => {
  const doubling: AreaRunner = {
    area: "area",
    run: ({ input }) => {
      if (input["n"] === "throw") throw new Error("broken");
      if (input["n"] === "skip") return new NotMapped("has no counterpart");
      if (input["n"] === "right") return new Corrected({ a: 1 }, { a: 1 }, "D-00: meant");
      if (input["n"] === "wrong") return new Corrected({ a: 1 }, { a: 2 }, "D-00: meant");
      return { double: Number(input["n"]) * 2, note: "x" };
    },
  };
  const known = { register: "D-00", reason: "meant", at: ["double"] };

  it.each([
    ["passed", { expected: { double: 4, note: "x" } }, {}],
    ["failed", {}, {}],
    ["failed", { input: { n: "throw" }, reference_bug: true }, {}],
    ["not mapped", { input: { n: "skip" } }, {}],
    ["corrected", { input: { n: "right" } }, {}],
    ["failed", { input: { n: "wrong" }, reference_bug: true }, {}],
    ["known difference", { reference_bug: true, bug_note: "odd" }, {}],
    ["known difference", { depends_on_bug: ["area/0"] }, {}],
    ["known difference", {}, { "area/1": known }],
    ["failed", { expected: { double: 5, note: "y" } }, { "area/1": known }],
  ])("gives %s for %o", async (status, fields, table) => {
    const files = [{ area: "area", cases: [parityCase(fields)] }];
    expect(await runParity(files, [doubling], table, {})).toMatchObject([{ status }]);
  });

  it("names the known differences that no longer differ", async () => {
    const cases = [parityCase({ expected: { double: 4, note: "x" } })];
    const results = await runParity([{ area: "area", cases }], [doubling], { "area/1": known }, {});
    expect(reportOf(results)).toMatchObject({ totals: { passed: 1 }, stale: ["area/1"] });
  });

  it("reads floats that JSON does not have", async () => {
    const other = (await readAreas(folder)).find(({ area }) => area === "other");
    expect(other?.cases[0]?.expected).toEqual({ value: Number.NaN });
  });

  it("has a register id, a reason and a place for every known difference", () => {
    for (const { register, reason, at } of Object.values(knownDifferences)) {
      expect(register).toMatch(/^(?:D-\d\d|[A-Z]+-\d+|\d\d section \d+)$/);
      expect(reason.length).toBeGreaterThan(20);
      expect(at.length).toBeGreaterThan(0);
    }
  });
});

describe("a comparison", () => {
  it.each<[unknown, unknown]>([
    [1, 1 + 1.9e-9],
    [Number.NaN, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [
      { a: undefined, b: 1 },
      { b: 1, c: null },
    ],
    [{ error: new InvalidArgumentError("x") }, { error: { class: "ValueError", message: "y" } }],
  ])("takes %o for %o", (actual, expected) => {
    expect(findDifference(actual, expected)).toBeUndefined();
  });

  it.each<[unknown, unknown, string]>([
    [1, 1 + 3e-9, "value"],
    [0, Number.NaN, "value"],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, "value"],
    ["1", 1, "value"],
    [[1, 2], [1], "value"],
    [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }, "a[0].b"],
    [{ a: 1, extra: 2 }, { a: 1 }, "extra"],
    [{ a: {} }, { a: [] }, "a"],
    [{ error: new InvalidArgumentError("x") }, { error: { class: "RateLimited" } }, "error"],
    [{ error: new TypeError("x") }, { error: { class: "ValueError" } }, "error"],
    [{ result: 1 }, { error: { class: "ValueError" } }, "error"],
  ])("tells %o from %o", (actual, expected, at) => {
    expect(findDifference(actual, expected)).toMatch(
      new RegExp(`^${at.replace(/[[.]/g, "\\$&")}: `),
    );
  });
});
