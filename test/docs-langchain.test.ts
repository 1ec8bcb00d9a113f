import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs/langchain.md"), "utf8");
const [, section = ""] = page.split(/^## (?=From Astrocyte to LangChain$)/m);
const [text = ""] = section.split(/^## /m);
const folder = join(root, ".tsbuild/langchain-examples");

const examples = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
  heading: text.slice(0, match.index).split(/^### /m).at(-1)?.split("\n")[0] ?? "",
  code: match[1] ?? "",
}));

async function run(name: string, code: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name.replaceAll(/\W+/g, "-")}.ts`);
  writeFileSync(file, `${code}\nexport {};\n`);
  await import(file);
}

it("finds the examples", () => {
  rmSync(folder, { recursive: true, force: true });
  expect(examples.length).toBeGreaterThan(5);
});

it.each(examples)(
  "runs in ten lines or fewer: $heading",
  { timeout: 60_000 },
  async ({ heading, code }) => {
    const statements = code
      .replaceAll(/^import [\s\S]*?;\n/gm, "")
      .split("\n")
      .filter((line) => line.trim() !== "");
    expect(statements.length).toBeLessThanOrEqual(10);
    await run(heading, code);
  },
);

it("would notice one that is wrong", async () => {
  const wrong = examples[0]?.code.replaceAll("bankId: ", "bank: ") ?? "";
  await expect(run("wrong", wrong)).rejects.toThrow("bank");
});
