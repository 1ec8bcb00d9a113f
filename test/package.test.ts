import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

/** A project that has nothing installed but the packed package and its two dependencies. */
let consumer = "";
let files: string[] = [];

beforeAll(() => {
  consumer = mkdtempSync(join(tmpdir(), "astrocyte-package-"));
  const modules = join(consumer, "node_modules");
  mkdirSync(join(modules, "astrocyte"), { recursive: true });
  const output = execFileSync("npm", ["pack", "--json", "--pack-destination", consumer], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [packed] = JSON.parse(output.slice(output.indexOf("[\n"))) as [
    { filename: string; files: { path: string }[] },
  ];
  files = packed.files.map(({ path }) => path);
  const tarball = join(consumer, packed.filename);
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", join(modules, "astrocyte")]);
  for (const name of ["zod", "yaml"])
    symlinkSync(join(root, "node_modules", name), join(modules, name));
}, 120_000);

afterAll(() => rmSync(consumer, { recursive: true, force: true }));

function runScript(script: string, type: "module" | "commonjs" = "module") {
  return spawnSync(process.execPath, [`--input-type=${type}`, "-e", script], {
    cwd: consumer,
    encoding: "utf8",
  });
}

describe("the packed package", () => {
  it("holds what runs and what is read, and no sources or tests", () => {
    expect(files).toContain("dist/src/index.js");
    expect(files).toContain("dist/src/index.d.ts");
    expect(files).toContain("dist/src/config/profiles/minimal.yaml");
    expect(files).toContain("LICENSE");
    expect(
      files.filter((file) => /\.tsbuildinfo$|^(src|test|examples|adapters)\//.test(file)),
    ).toEqual([]);
    expect(files).not.toContain("dist/conformance/cli.js");
  });

  it("remembers, with no peer installed", () => {
    const { stdout, stderr } = runScript(`
      import { Astrocyte } from "astrocyte";
      const brain = await Astrocyte.fromConfig({ profile: "minimal", vector_store: "in_memory", embedding_provider: "mock" });
      await brain.retain("Calvin prefers dark mode", { bankId: "b" });
      console.log((await brain.recall("dark mode", { bankId: "b" })).hits[0].text);
    `);
    expect(stderr).toBe("");
    expect(stdout).toBe("Calvin prefers dark mode\n");
  });

  it("can be required by CommonJS", () => {
    const { stdout } = runScript('console.log(typeof require("astrocyte").Astrocyte)', "commonjs");
    expect(stdout).toBe("function\n");
  });

  it.each([
    ["vector_store: sqlite", "@libsql/client", '{ vector_store: "sqlite" }'],
    [
      "embedding_provider: local",
      "@lat.md/embed",
      '{ vector_store: "in_memory", embedding_provider: "local" }',
    ],
  ])("says what to install for %s", (_setting, packageName, document) => {
    const { stdout } = runScript(`
      import { Astrocyte } from "astrocyte";
      const call = async () => {
        const brain = await Astrocyte.fromConfig(${document});
        await brain.retain("x", { bankId: "b" });
      };
      await call().catch((error) => console.log(error.code, error.message));
    `);
    expect(stdout).toContain("ASTROCYTE_MISSING_PEER");
    expect(stdout).toContain(`npm install ${packageName}`);
  });

  it.each(["astrocyte/adapters/langchain/models", "astrocyte/conformance", "astrocyte/testing"])(
    "lets %s be imported without its peers",
    (entry) => {
      const { stdout } = runScript(`console.log(Object.keys(await import("${entry}")).length > 0)`);
      expect(stdout).toBe("true\n");
    },
  );

  it.each(["astrocyte/graphs", "astrocyte/graphs/middleware"])(
    "names the peer that %s cannot be without",
    (entry) => {
      const { status, stderr } = runScript(`await import(${JSON.stringify(entry)})`);
      expect(status).toBe(1);
      expect(stderr).toMatch(/Cannot find package '@langchain\/(core|langgraph)'/);
    },
  );

  it.each([
    [
      "the classes for LangChain",
      'await import("astrocyte/adapters/langchain")',
      "@langchain/core",
    ],
    [
      "llm_provider: openai",
      'await (await import("astrocyte")).Astrocyte.fromConfig({ vector_store: "in_memory", llm_provider: "openai", llm_provider_config: { api_key: "k" } })',
      "@langchain/openai",
    ],
  ])("names the package that %s need", (_what, expression, packageName) => {
    const { stdout } = runScript(
      `try { ${expression} } catch (error) { console.log(error.message) }`,
    );
    expect(stdout).toContain(packageName);
  });
});

function suiteOf(runner: string): string {
  return `
    import { InMemoryStore } from "@langchain/langgraph";
    import { baseStoreConformance, langChainEmbeddingsConformance, vectorStoreConformance } from "astrocyte/conformance";
    import { createInMemoryVectorStore, HashedEmbeddings } from "astrocyte/testing";
    import { describe, it } from "${runner}";

    const runner = { describe, it };
    vectorStoreConformance({ name: "ours", create: () => createInMemoryVectorStore() }, runner);
    langChainEmbeddingsConformance({ name: "ours", create: () => new HashedEmbeddings() }, runner);
    baseStoreConformance(
      { name: "theirs", create: () => new InMemoryStore(), capabilities: { ranksByQuery: false } },
      runner,
    );
  `;
}

describe("the packed conformance suites", () => {
  /** A project that also has LangGraph and a test runner. */
  let project = "";

  beforeAll(() => {
    project = join(consumer, "with-langgraph");
    const modules = join(project, "node_modules");
    mkdirSync(join(modules, "@langchain"), { recursive: true });
    cpSync(join(consumer, "node_modules/astrocyte"), join(modules, "astrocyte"), {
      recursive: true,
    });
    for (const name of ["zod", "yaml", "vitest", "@langchain/langgraph", "@langchain/core"]) {
      symlinkSync(join(root, "node_modules", name), join(modules, name));
    }
  });

  it.each([
    ["node:test", ["--test", "--test-reporter=tap"]],
    ["vitest", [join(root, "node_modules/vitest/vitest.mjs"), "run", "--reporter=tap-flat"]],
  ])("run under %s, also inside a compiled graph", { timeout: 120_000 }, (runner, args) => {
    const file = `${runner.replace(":", "-")}.test.mjs`;
    writeFileSync(join(project, file), suiteOf(runner));
    const { stdout } = spawnSync(process.execPath, [...args, file], {
      cwd: project,
      encoding: "utf8",
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    });
    const outcomes = [...stdout.matchAll(/^ *(not ok|ok) \d+ - (?:.* > )?([A-Z]+-\S+) .*$/gm)];
    const idsOf = (outcome: string) =>
      outcomes.filter((match) => match[1] === outcome).map((match) => match[2]);
    expect(idsOf("ok")).toEqual(expect.arrayContaining(["VS-1", "LE-1", "BS-1", "BS-73"]));
    expect(idsOf("not ok")).toContain("BS-8");
    expect(idsOf("not ok").filter((id) => !id?.startsWith("BS-"))).toEqual([]);
  });
});
