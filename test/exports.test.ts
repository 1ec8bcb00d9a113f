import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const { name, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  name: string;
  exports: Record<string, unknown>;
};
const entries = Object.keys(exports)
  .filter((key) => !key.endsWith(".json"))
  .map((key) => key.replace(".", name));

it("finds the package's entries", () => {
  expect(entries).toContain("astrocyte");
  expect(entries).toContain("astrocyte/testing");
});

it.each(entries)("%s exports what was agreed", async (entry) => {
  const module = (await import(entry)) as object;
  expect(Object.keys(module).toSorted()).toMatchSnapshot();
});

const pages = ["docs/reference.md", "docs/errors.md"].map((page) =>
  readFileSync(join(root, page), "utf8"),
);

function undocumented(names: readonly string[]): string[] {
  return names.filter((exported) => !pages.some((page) => page.includes(`\`${exported}\``)));
}

it.each(entries)("%s has every name in the docs", async (entry) => {
  const module = (await import(entry)) as object;
  expect(undocumented(Object.keys(module))).toEqual([]);
});

it("notices a name that is in no page", () => {
  expect(undocumented(["nowhereWritten"])).toEqual(["nowhereWritten"]);
});
