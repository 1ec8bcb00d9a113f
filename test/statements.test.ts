import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** The statements of the contract that titles of tests begin with, such as `PIPE-1` and `POL-2` in "PIPE-1, POL-2: …". */
function statementsIn(source: string): string[] {
  const titles = source.matchAll(/["`]((?:[A-Z]+-\d+)(?:, [A-Z]+-\d+)*): /g);
  return [...titles].flatMap(([, ids = ""]) => ids.split(", "));
}

const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".test.ts") && name !== "statements.test.ts",
);
const proven = new Set(
  files.flatMap((name) => statementsIn(readFileSync(join(folder, name), "utf8"))),
);

it.each([
  ["PIPE", 28],
  ["POL", 27],
  ["CFG", 16],
  ["MB", 8],
  ["HOOK", 3],
  ["ID", 3],
])("every statement of the family %s has a test", (family, count) => {
  const statements = Array.from({ length: count }, (_, at) => `${family}-${at + 1}`);
  expect(statements.filter((id) => !proven.has(id))).toEqual([]);
});

it("finds statements at the beginning of titles only", () => {
  expect(statementsIn('it("PIPE-1, POL-2: cuts", …); // see PIPE-3: x\nit(`CFG-4: y`)')).toEqual([
    "PIPE-1",
    "POL-2",
    "CFG-4",
  ]);
});
