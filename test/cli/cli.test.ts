import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const main = join(root, "src/cli/main.ts");
const tsx = join(root, "node_modules/tsx/dist/loader.mjs");

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string, name = "config.yaml"): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function run(args: readonly string[], environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions=@astrocyte/source", `--import=${tsx}`, main, ...args],
    { cwd: folder, encoding: "utf8", env: { PATH: process.env["PATH"], ...environment } },
  );
  expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at .*:\d+:\d+/);
  return { status, stdout, stderr };
}

describe("astrocyte config check", () => {
  it("ends with 0 for a right file, and prints what has no effect", () => {
    const path = file("vector_store: in_memory\nhomeostasis: { recal_max_tokens: 3 }\nhooks: {}");
    const { status, stdout, stderr } = run(["config", "check", path]);
    expect(stdout).toBe(`${path}: no errors, 2 warnings\n`);
    expect(stderr.split("\n")).toEqual([
      "warning: without effect: homeostasis.recal_max_tokens (unknown; did you mean recall_max_tokens?)",
      "warning: without effect: hooks (accepted but not implemented)",
      "",
    ]);
    expect(status).toBe(0);
  });

  it("ends with 1 for a wrong file, and names everything that is wrong", () => {
    const path = file("vector_store: 3\nbarriers: { pii: { mode: regx } }");
    const { status, stdout, stderr } = run(["config", "check", path]);
    expect(stdout).toBe("");
    expect(stderr).toContain(`error: ${path}: vector_store: expected text`);
    expect(stderr).toContain("did you mean regex?");
    expect(status).toBe(1);
  });

  it("ends with 1 for a file that is not there", () => {
    const { status, stderr } = run(["config", "check", "nowhere.yaml"]);
    expect(stderr).toBe(`error: Config file not found: ${join(folder, "nowhere.yaml")}\n`);
    expect(status).toBe(1);
  });
});

describe("astrocyte config show", () => {
  const text = [
    "profile: support",
    "llm_provider_config: { api_key: '${KEY}' }",
    "banks: { a: { homeostasis: { recall_max_tokens: 1 } } }",
  ].join("\n");

  it("prints settings with their source and masked secrets", () => {
    const { status, stdout, stderr } = run(["config", "show", file(text)], { KEY: "hunter2" });
    expect(stdout).toContain("homeostasis.recall_max_tokens: 4096 (profile)\n");
    expect(stdout).toContain('llm_provider_config.api_key: "***" (file)\n');
    expect(`${stdout}${stderr}`).not.toContain("hunter2");
    expect(status).toBe(0);
  });

  it("prints what holds for a bank, as JSON", () => {
    const path = file(text);
    const { stdout } = run(["config", "show", path, "--bank", "a", "--json"], { KEY: "x" });
    expect(JSON.parse(stdout)).toContainEqual({
      path: "homeostasis.recall_max_tokens",
      value: 1,
      from: "bank",
    });
  });
});

describe("astrocyte config schema", () => {
  it("writes the schema to a file", () => {
    expect(run(["config", "schema", "--output", "schema.json"]).status).toBe(0);
    const schema: unknown = JSON.parse(readFileSync(join(folder, "schema.json"), "utf8"));
    expect(schema).toMatchObject({ title: "astrocyte.yaml", properties: { barriers: {} } });
  });
});

describe("astrocyte doctor", () => {
  it("looks at Node.js and the packages where there is no file", () => {
    const { status, stdout } = run(["doctor"]);
    expect(stdout).toContain(`ok      Node.js: ${process.versions.node}`);
    expect(stdout).toMatch(/ok {6}@libsql\/client: for vector_store: sqlite/);
    expect(stdout).not.toContain("configuration");
    expect(status).toBe(0);
  });

  it("asks the providers of a file", () => {
    const path = file(
      "vector_store: sqlite\nvector_store_config: { path: memory.db }\nembedding_provider: mock",
    );
    const { status, stdout } = run(["doctor", path]);
    expect(stdout).toMatch(/ok {6}vector store: sqlite/);
    expect(stdout).toMatch(/ok {6}embeddings: \d+ dimensions, which the store takes/);
    expect(stdout).toMatch(/ok {6}policies/);
    expect(status).toBe(0);
  });

  it("ends with 1 when the store holds vectors of another length", () => {
    const path = file(
      "vector_store: sqlite\nvector_store_config: { path: other.db, dimension: 7 }\nembedding_provider: mock",
    );
    const { status, stdout } = run(["doctor", path]);
    expect(stdout).toMatch(/failed {2}embeddings: .*holds 7-dimensional vectors/);
    expect(status).toBe(1);
  });

  it("ends with 1 when a provider is not known", () => {
    const { status, stdout } = run(["doctor", file("vector_store: qdrant")]);
    expect(stdout).toMatch(/failed {2}configuration: .*"qdrant".*Python package's/);
    expect(status).toBe(1);
  });
});

describe("a wrong call", () => {
  it.each([
    [["confg"], "unknown command"],
    [["config", "shw"], "unknown command"],
    [["config", "check"], "missing required argument"],
    [["config", "show", "x", "--yaml"], "unknown option"],
    [[], "Usage: astrocyte"],
  ])("%j ends with 2", (args, message) => {
    const { status, stderr, stdout } = run(args);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  it("for help ends with 0", () => {
    const { status, stdout } = run(["--help"]);
    expect(stdout).toContain("Usage: astrocyte");
    expect(status).toBe(0);
  });
});
