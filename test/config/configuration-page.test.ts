import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configurationPage } from "../support/configuration-page.js";
import { contractRows } from "./contract-rows.js";

const page = readFileSync(join(import.meta.dirname, "../../docs/configuration.md"), "utf8");

it("docs/configuration.md is what the schema says; npm run docs:config writes it anew", () => {
  expect(page).toBe(configurationPage());
});

it("docs/configuration.md has a row for every key", () => {
  const sections = new Map(page.split(/^## /m).map((text) => [text.split("\n")[0] ?? "", text]));
  const missing = contractRows.filter(([path]) => {
    const [section = "", ...keys] = path.split(".").filter((key) => key !== "<id>");
    const isAtTop = keys.length === 0 && !sections.has(section);
    const text = sections.get(isAtTop ? "At the top" : section) ?? "";
    const key = keys.length === 0 ? section : keys.join(".");
    return !text.includes(keys.length > 0 || isAtTop ? `| \`${key}\`` : "| (entries)");
  });
  expect(missing).toEqual([]);
});
