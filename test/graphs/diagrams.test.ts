import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { drawDiagrams } from "./diagrams.js";

const page = readFileSync(join(import.meta.dirname, "../../docs/langgraph.md"), "utf8");

/** The diagrams of the page: a fence behind a comment with the name. */
const drawn = new Map(
  [...page.matchAll(/<!-- diagram: (\S+) -->\n\n```mermaid\n([\s\S]*?)\n```/g)].map(
    ([, name = "", diagram = ""]) => [name, diagram],
  ),
);

it("the page has a diagram of each graph, as LangGraph draws it today", async () => {
  expect(Object.fromEntries(drawn)).toEqual(Object.fromEntries(await drawDiagrams()));
});
