import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCliProcess } from "../support/run-cli.js";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(folder, "config.yaml");
  writeFileSync(path, text);
  return path;
}

const run = (args: readonly string[], environment: Record<string, string> = {}) =>
  runCliProcess(folder, args, environment);

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
    expect(stderr).toContain("error: Config file not found: ");
    expect(stderr.split("\n")).toHaveLength(2);
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
