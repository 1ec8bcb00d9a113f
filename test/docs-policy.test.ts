import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../src/config/parse-config.js";
import { parseYaml } from "../src/config/parse-yaml.js";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs/policy.md"), "utf8");
const folder = join(root, ".tsbuild/policy-examples");

/** The fences of a language, each with the heading above it. */
function fences(language: string) {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    (match) => ({
      section: page.slice(0, match.index).split(/^#+ /m).at(-1)?.split("\n")[0] ?? "",
      text: match[1] ?? "",
    }),
  );
}

describe("the examples of docs/policy.md", () => {
  const examples = fences("ts");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });

  async function run(name: string, text: string): Promise<void> {
    const file = join(folder, `${name.replaceAll(/\W+/g, "-")}.ts`);
    writeFileSync(file, `${text}\nexport {};\n`);
    await import(file);
  }

  it.each(examples)("runs: $section", async ({ section, text }) => {
    await run(section, text);
  });

  it("would notice one that is wrong", async () => {
    const wrong = examples[0]?.text.replace("[EMAIL_REDACTED]", "ada@example.com") ?? "";
    await expect(run("wrong", wrong)).rejects.toThrow("[EMAIL_REDACTED]");
  });
});

describe("the settings of docs/policy.md", () => {
  it.each(fences("yaml"))("are understood: $section", ({ text }) => {
    expect(() =>
      parseConfig(parseYaml(text, "docs/policy.md") as never, "docs/policy.md"),
    ).not.toThrow();
  });

  it("would notice one that is wrong", () => {
    expect(() => parseConfig({ dlp: { output_pii_action: "hide" } }, "docs/policy.md")).toThrow(
      "dlp.output_pii_action",
    );
  });
});
