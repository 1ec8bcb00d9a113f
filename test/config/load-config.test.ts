import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/load-config.js";

let folder = "";
const warnings: string[] = [];
const logger = {
  warn: (event: string, data?: object) => void warnings.push(`${event} ${JSON.stringify(data)}`),
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-config-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, "astrocyte.yaml");
  writeFileSync(path, text);
  return path;
}

const load = (text: string, environment = {}) => loadConfig(file(text), { logger, environment });

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: "ASTROCYTE_CONFIG" });
  return (error as Error).message;
}

describe("loadConfig", () => {
  it("takes an empty file as all defaults", async () => {
    await expect(load("")).resolves.toEqual({ fallback_strategy: "error", homeostasis: {} });
  });

  it("puts the document over its profile", async () => {
    await expect(load("profile: minimal\nvector_store: sqlite")).resolves.toMatchObject({
      vector_store: "sqlite",
      profile: "minimal",
    });
  });

  it("reads a null section as nothing said", async () => {
    await expect(load("homeostasis:\nvector_store: sqlite")).resolves.toMatchObject({
      homeostasis: {},
    });
  });

  it("replaces environment references, and makes a number of text where one is due", async () => {
    const config = await load(
      "vector_store_config: { path: '${DIR}/memory.db' }\nhomeostasis: { recall_max_tokens: '${N}' }",
      { DIR: "/data", N: "100" },
    );
    expect(config).toMatchObject({
      vector_store_config: { path: "/data/memory.db" },
      homeostasis: { recall_max_tokens: 100 },
    });
  });

  it("keeps an unset reference as written and reports it, except where a secret belongs", async () => {
    await expect(load("vector_store_config: { path: '${UNSET}' }")).resolves.toMatchObject({
      vector_store_config: { path: "${UNSET}" },
    });
    expect(warnings.at(-1)).toContain("UNSET");
    expect(await failure(load("vector_store_config: { auth_token: '${UNSET}' }"))).toContain(
      "vector_store_config.auth_token (UNSET)",
    );
  });

  it("names the file that is missing", async () => {
    const missing = join(folder, "nowhere.yaml");
    expect(await failure(loadConfig(missing, { logger }))).toContain(missing);
  });

  it.each([
    ["a syntax error", "a: [1", "line 1"],
    ["an unknown tag", "a: !!js/function 'x'", "tag"],
    ["a list at the root", "- a", "map of settings"],
    ["duplicate keys", "vector_store: a\nvector_store: b", "twice at line 2"],
    ["an alias flood", `a: &a [x]\nb: [${"*a, ".repeat(200)}*a]`, "aliases"],
    ["a profile that does not exist", "profile: ../minimal", "available: minimal"],
    ["a wrong enum", "fallback_strategy: sometimes", "fallback_strategy"],
    ["a wrong kind", "homeostasis: { recall_max_tokens: many }", "homeostasis.recall_max_tokens"],
  ])("refuses %s", async (_name, text, reason) => {
    expect(await failure(load(text))).toContain(reason);
  });

  it("names every problem at once", async () => {
    const message = await failure(load("vector_store: 3\nfallback_strategy: 4"));
    expect(message).toContain("vector_store");
    expect(message).toContain("fallback_strategy");
  });

  it.each([
    "barriers: { pii: { mode: regex } }",
    "access_control: { enabled: true }",
    "compliance_profile: gdpr",
    "homeostasis: { rate_limits: { recall_per_minute: 3 } }",
    "dlp: { scan_recall_output: true }",
    "barriers: { pii: { countries: [UK] } }",
    "banks: { team: { access: [{ principal: 'user:a', permissions: [read] }] } }",
    "agents: { bot: { banks: ['team'] } }",
    "homeostasis: { retain_max_content_bytes: 1000 }",
  ])("refuses a protection that it would not give: %s", async (text) => {
    expect(await failure(load(text))).toContain("does not enforce");
  });

  it("sees a protection that is switched on through the environment", async () => {
    const text = "access_control: { enabled: '${AC}' }";
    expect(await failure(load(text, { AC: "true" }))).toContain("access_control.enabled");
  });

  it("quotes nothing of a document that it cannot read", async () => {
    const error = await load('llm_provider_config:\n  api_key: "sk-verysecret\n').catch(
      (reason: unknown) => reason,
    );
    expect(inspect(error, { depth: 9 })).toContain("line 3");
    expect(inspect(error, { depth: 9 })).not.toContain("verysecret");
  });

  it.each([
    ["flow brackets", `a: ${"[".repeat(5000)}`],
    ["closed flow brackets", `a: ${"[".repeat(500)}${"]".repeat(500)}`],
    ["block sequences on a line", `${"- ".repeat(3000)}a`],
    ["block maps", Array.from({ length: 50 }, (_, depth) => `${" ".repeat(depth)}k:`).join("\n")],
    ["a part of itself", "a: &a\n  b: *a"],
  ])("refuses %s that nest too deep", async (_name, text) => {
    expect(await failure(load(text))).toMatch(/nested deeper|map of settings/);
  });

  it("refuses a document object that is a part of itself", async () => {
    const document: Record<string, unknown> = {};
    document["vector_store_config"] = { document };
    expect(await failure(loadConfig(document, { logger }))).toContain("nested deeper");
  });

  it("reports a misspelt key at any level", async () => {
    await load("homeostasis: { recal_max_tokens: 3 }");
    expect(warnings.at(-1)).toContain("homeostasis.recal_max_tokens (unknown)");
    await load("embeding_provider: local");
    expect(warnings.at(-1)).toContain(
      "embeding_provider (unknown; did you mean embedding_provider?)",
    );
  });

  it("reports what it reads past", async () => {
    await load("tiered_retrieval: { enabled: true }");
    expect(warnings.at(-1)).toContain("tiered_retrieval (not implemented yet)");
  });

  it("refuses __proto__ in a document object and leaves prototypes alone", async () => {
    const document: unknown = JSON.parse(
      '{"vector_store_config": {"__proto__": {"polluted": true}}}',
    );
    expect(await failure(loadConfig(document as never, { logger }))).toContain("__proto__");
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
