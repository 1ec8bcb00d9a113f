import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { runCliHere, runCliProcess } from "../support/run-cli.js";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-cli-"));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(folder, "config.yaml");
  writeFileSync(path, text);
  return path;
}

function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return runCliHere(args);
}

describe("astrocyte config check", () => {
  it("ends with 0 for a right file, and prints what has no effect", async () => {
    const path = file("vector_store: in_memory\nhomeostasis: { recal_max_tokens: 3 }\nhooks: {}");
    const { status, stdout, stderr } = await run(["config", "check", path]);
    expect(stdout).toBe(`${path}: no errors, 2 warnings\n`);
    expect(stderr.split("\n")).toEqual([
      "warning: without effect: homeostasis.recal_max_tokens (unknown; did you mean recall_max_tokens?)",
      "warning: without effect: hooks (accepted but not implemented)",
      "",
    ]);
    expect(status).toBe(0);
  });

  it("ends with 1 for a wrong file, and names everything that is wrong", async () => {
    const path = file("vector_store: 3\nbarriers: { pii: { mode: regx } }");
    const { status, stdout, stderr } = await run(["config", "check", path]);
    expect(stdout).toBe("");
    expect(stderr).toContain(`error: ${path}: vector_store: expected text`);
    expect(stderr).toContain("did you mean regex?");
    expect(status).toBe(1);
  });

  it("ends with 1 for a file that is not there", () => {
    const { status, stderr } = runCliProcess(folder, ["config", "check", "nowhere.yaml"]);
    expect(stderr).toContain("error: Config file not found: ");
    expect(stderr.split("\n")).toHaveLength(2);
    expect(status).toBe(1);
  });
});

describe("astrocyte config check, of a file with which no brain can be built,", () => {
  it("names every provider, policy and grant, and quotes nothing from the environment", async () => {
    const path = file(
      [
        "vector_store: '${KEY}'",
        "llm_provider: openai",
        "embedding_provider: local",
        "embedding_provider_config: { batch: 3 }",
        "graph_store: sqlite",
        "graph_store_config: { path: graph.db, dimension: many }",
        "mip: rules.yaml",
        "recall_authority: { enabled: true, rules_path: nowhere.md }",
        "barriers:",
        "  pii:",
        "    countries: [UK, '${KEY}']",
        "    phone_regions: [ZZ]",
        "    patterns: [{ name: A, pattern: '(' }, { name: B, pattern: '(?=x)' }]",
        "access_grants: [{ bank_id: 'team-*', principal: 'agent:*', permissions: [read] }]",
        "banks: { a: , b: { barriers: { pii: { countries: [YY] } } } }",
      ].join("\n"),
    );
    const { status, stdout, stderr } = await run(["config", "check", path], { KEY: "hunter2" });
    for (const part of [
      "mip_config_path: this version does not enforce it",
      "vector_store: unknown provider; known: in_memory, postgres, sqlite",
      "graph_store: sqlite store: dimension",
      'llm_provider: The settings of "openai" are wrong: api_key: is missing',
      "embedding_provider: embedding_provider_config",
      'barriers.pii.countries[1]: countries: no patterns for "***"',
      "barriers.pii.phone_regions[0]: ",
      "barriers.pii.patterns[0]: ",
      "barriers.pii.patterns[1]: ",
      "banks.b: barriers.pii.countries[0]: ",
      "access_grants[0]: bankId: expected a bank id",
      "access_grants[0]: a principal that ends in :* is nobody",
      "recall_authority.rules_path: the file cannot be read",
    ]) {
      expect(stderr).toContain(part);
    }
    expect(`${stdout}${stderr}`).not.toContain("hunter2");
    expect(existsSync(join(folder, "graph.db"))).toBe(false);
    expect(status).toBe(1);
  });

  it.each([
    ["vector_store: in_memory\ncompliance_profile: hipaa", "needs a model", "llm_provider"],
    ["llm_provider: mock\nvector_store: mine", "vector_store: unknown provider", "vector_store"],
    ["llm_provider: mock", "No store is set", "vector_store"],
    [
      "vector_store: in_memory\nbarriers: { pii: { mode: ner } }",
      "needs an entity recogniser",
      "entity_recognizer",
    ],
  ])("counts on what the program provides: %s", async (text, part, provided) => {
    const path = file(text);
    const alone = await run(["config", "check", path]);
    expect(alone.stderr).toContain(part);
    expect(alone.status).toBe(1);
    expect((await run(["config", "check", path, "--provided", provided])).status).toBe(0);
  });

  it("refuses to count on what there is not", async () => {
    const { status, stderr } = await run([
      "config",
      "check",
      file("{}"),
      "--provided",
      "everything",
    ]);
    expect(stderr).toContain("Allowed: vector_store");
    expect(status).toBe(2);
  });

  it("is one with a warning when strict", async () => {
    const path = file("vector_store: in_memory\n'a, b': 1\nprovider_config: { x: '${UNSET}' }");
    const { status, stderr } = await run(["config", "check", path, "--strict"]);
    expect(stderr.split("\n")).toEqual([
      "warning: environment variable is not set: provider_config.x: ${UNSET}",
      "warning: without effect: a, b (unknown)",
      "",
    ]);
    expect(status).toBe(1);
    expect((await run(["config", "check", path])).status).toBe(0);
    expect(
      (await run(["config", "check", file("vector_store: in_memory"), "--strict"])).status,
    ).toBe(0);
  });
});

describe("astrocyte config show", () => {
  const text = [
    "profile: support",
    "llm_provider_config: { api_key: '${KEY}' }",
    "banks: { a: { homeostasis: { recall_max_tokens: 1 } } }",
  ].join("\n");

  it("prints settings with their source and masked secrets", async () => {
    const { status, stdout, stderr } = await run(["config", "show", file(text)], {
      KEY: "hunter2",
    });
    expect(stdout).toContain("homeostasis.recall_max_tokens: 4096 (profile)\n");
    expect(stdout).toContain('llm_provider_config.api_key: "***" (file, from the environment)\n');
    expect(`${stdout}${stderr}`).not.toContain("hunter2");
    expect(status).toBe(0);
  });

  it("prints what holds for a bank, as JSON", async () => {
    const path = file(text);
    const { stdout } = await run(["config", "show", path, "--bank", "a", "--json"], { KEY: "x" });
    expect(JSON.parse(stdout)).toContainEqual({
      path: "homeostasis.recall_max_tokens",
      value: 1,
      from: "bank",
    });
  });
});

describe("astrocyte config show, of what a terminal should not have,", () => {
  const text =
    'vector_store: "a\\u202Eb\\e[2J"\nbanks: { team: { access: [{ principal: "x", permissions: [read] }] } }';

  it("says that a bank is not there, and lists grants", async () => {
    const { stdout, stderr } = await run(["config", "show", file(text), "--bank", "taem"]);
    expect(stderr).toBe(
      'note: bank "taem" is not under banks:, so it has the global settings (did you mean team?)\n',
    );
    expect(stdout).not.toContain("effective_grants");
    expect(stdout).not.toMatch(/[\p{Cf}\p{Zl}]|(?!\n)\p{Cc}/u);
    const of = await run(["config", "show", file(text), "--bank", "team"]);
    expect(of.stderr).toBe("");
    expect(of.stdout).toContain(
      'effective_grants[0]: {"bank_id":"team","principal":"x","permissions":["read"]} (file)\n',
    );
  });

  it("keeps JSON what it was", async () => {
    const { stdout } = await run(["config", "show", file(text), "--json"]);
    expect(stdout).not.toMatch(/[\p{Cf}\p{Zl}]|(?!\n)\p{Cc}/u);
    expect(JSON.parse(stdout)).toContainEqual({
      path: "vector_store",
      value: "a\u202Eb\u001B[2J",
      from: "file",
    });
  });
});

describe("astrocyte config schema", () => {
  it("writes the schema to a file", async () => {
    expect((await run(["config", "schema", "--output", join(folder, "schema.json")])).status).toBe(
      0,
    );
    const schema: unknown = JSON.parse(readFileSync(join(folder, "schema.json"), "utf8"));
    expect(schema).toMatchObject({ title: "astrocyte.yaml", properties: { barriers: {} } });
  });
});
