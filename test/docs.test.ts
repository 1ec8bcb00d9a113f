import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

interface Snippet {
  readonly page: string;
  readonly line: number;
  readonly code: string;
  readonly checked: boolean;
}

/** Every TypeScript fence of a page is a module of its own; "```ts no-check" opts out. */
function snippetsOf(page: string, text: string): Snippet[] {
  return [...text.matchAll(/^```(?:ts|typescript)\b([^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split("\n").length,
    code: match[2] ?? "",
    checked: !match[1]?.includes("no-check"),
  }));
}

const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((page) => page.endsWith(".md"))
    .map((page) => `docs/${page}`),
].filter((page) => existsSync(join(root, page)));

const snippets = pages.flatMap((page) => snippetsOf(page, readFileSync(join(root, page), "utf8")));
const checked = snippets.filter((snippet) => snippet.checked);
const optedOut = snippets
  .filter((snippet) => !snippet.checked)
  .map(({ page, line }) => `${page}:${line}`);

/** What tsc says of the snippets as modules under `.tsbuild/<folder>`; empty when all is well. */
function compile(modules: readonly Snippet[], folder: string): string {
  const out = join(root, ".tsbuild", folder);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const { page, line, code } of modules) {
    writeFileSync(join(out, `${page.replaceAll("/", "__")}.L${line}.ts`), `${code}\nexport {};\n`);
  }
  const compilerOptions = {
    noEmit: true,
    composite: false,
    rootDir: "../..",
    noUnusedLocals: false,
  };
  writeFileSync(
    join(out, "tsconfig.json"),
    JSON.stringify({ extends: "../../tsconfig.base.json", compilerOptions, include: ["*.ts"] }),
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), "-p", out],
    { encoding: "utf8" },
  );
  return status === 0 ? "" : `${stdout}${stderr}` || `tsc exited with ${status}`;
}

it("finds the snippets of the pages", () => {
  expect(pages).toContain("docs/errors.md");
  expect(checked.length).toBeGreaterThan(0);
});

it("reads the fences of a page", () => {
  const page = "# A\n\n```ts\nlet a;\n```\n\n```sh\nls\n```\n\n```ts no-check\nlet b\n```\n";
  expect(snippetsOf("a.md", page)).toEqual([
    { page: "a.md", line: 3, code: "let a;\n", checked: true },
    { page: "a.md", line: 11, code: "let b\n", checked: false },
  ]);
});

it("catches a wrong snippet", { timeout: 120_000 }, () => {
  const code = 'import { assertBankId } from "astrocyte";\nconst wrong: number = assertBankId;\n';
  const report = compile([{ page: "bad.md", line: 1, code, checked: true }], "bad-snippet");
  expect(report).toContain("bad.md.L1.ts(2,7): error TS2322");
});

it(
  `type-checks ${checked.length} snippets of README and docs, ${optedOut.length} opted out${optedOut.length > 0 ? `: ${optedOut.join(", ")}` : ""}`,
  { timeout: 120_000 },
  () => {
    expect(compile(checked, "snippets")).toBe("");
  },
);
