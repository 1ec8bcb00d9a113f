import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse-config.js";
import { readConfig } from "../../src/config/read-config.js";

let folder = "";
const processWarnings: unknown[] = [];
const listen = (warning: unknown) => void processWarnings.push(warning);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-problems-"));
  process.on("warning", listen);
});
afterEach(() => void processWarnings.splice(0));
afterAll(() => {
  process.off("warning", listen);
  rmSync(folder, { recursive: true });
});

function write(text: string, name = "astrocyte.yaml"): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function failure(text: string, environment = {}): Promise<string> {
  const logger = { warn: () => undefined };
  const error: unknown = await readConfig(write(text), { logger, environment }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: "ASTROCYTE_CONFIG" });
  expect((error as Error).message.startsWith(`${join(folder, "astrocyte.yaml")}: `)).toBe(true);
  return inspect(error, { depth: 9 });
}

describe("one error", () => {
  it("has what is wrong at every stage", async () => {
    write("homeostasis: { recall_max_tokens: many }", "mine.yaml");
    const message = await failure(
      [
        "vector_store_config: { password: '${UNSET}' }",
        "profile: ./mine.yaml",
        "compliance_profile: gdrp",
        "governance: { encryption: { enabled: true } }",
        "fallback_strategy: sometimes",
        "recall_authority: { enabled: true, tiers: [{ id: a }, { id: a }] }",
        "banks: { b: { profile: nope, barriers: { pii: { mode: regx } } } }",
        "homeostasiss: {}",
        "hooks: {}",
      ].join("\n"),
    );
    for (const part of [
      "vector_store_config.password: ${UNSET}",
      'profile: profile "./mine.yaml": homeostasis.recall_max_tokens: expected a number, got text',
      'compliance_profile: Compliance profile not found: "gdrp"; did you mean gdpr?',
      "governance.encryption: this version does not enforce it",
      "fallback_strategy: expected one of",
      "recall_authority.tiers: duplicate id",
      'banks.b.profile: Profile not found: "nope"',
      "banks.b.barriers.pii.mode: expected one of",
      "homeostasiss (unknown; did you mean homeostasis?)",
      "hooks (accepted but not implemented)",
    ]) {
      expect(message).toContain(part);
    }
  });

  it.each([
    [
      "agents: { a: { permissions: [fly] }, b: { banks: ['nope*'] } }\nbanks: { x: }",
      ["agents.a.permissions", "agents.b"],
    ],
    [
      "agents: { b: { banks: [x, 'nope*'] } }\nbanks: { x: { homeostasis: { recall_max_tokens: many } } }",
      ["banks.x.homeostasis.recall_max_tokens", "agents.b"],
    ],
  ])("has the problems of the entries beside a wrong one: %s", async (text, parts) => {
    const message = await failure(text);
    for (const part of parts) expect(message).toContain(part);
    expect(message).toContain("nope*");
    expect(message).not.toContain('"x"');
  });

  it("is none for a key that is misspelt and nothing else", async () => {
    const warnings: string[] = [];
    const logger = { warn: (event: string) => void warnings.push(event) };
    await readConfig(write("homeostasiss: {}"), { logger, environment: {} });
    expect(warnings).toEqual(["astrocyte.config.ignored_settings"]);
  });
});

describe("a kind that YAML makes of a text", () => {
  it.each([
    ["provider: 2024-01-01", "got a date (put it in quotes"],
    ["fallback_strategy: no", "got false (put it in quotes"],
    ["homeostasis: { recall_max_tokens: .inf }", "got a number without end (.inf)"],
    ["homeostasis: { recall_max_tokens: .nan }", "got what is no number (.nan)"],
  ])("is named for %s", async (text, part) => {
    expect(await failure(text)).toContain(part);
  });

  it.each([
    ["off", "off"],
    ["no", "off"],
    ["false", "off"],
    ["'off'", "off"],
  ])("is the word where a key takes it: %s", async (written, expected) => {
    const document = write(`barriers: { prompt_injection: { mode: ${written} } }`);
    const { config } = await readConfig(document, { environment: {} });
    expect(config.barriers.prompt_injection.mode).toBe(expected);
  });
});

describe("bad YAML", () => {
  it.each([
    ["llm_provider_config: {password: ${X}}", 'put a reference in quotes: "${NAME}", at line 1'],
    ["a: b: c", "a second colon in one line"],
    ["a: @b", "must be in quotes"],
    ["a: *b", "an alias (*name) of nothing"],
    ["a: 1\n---\nb: 2", "more than one document"],
    ["a: !x b", "a tag (!name)"],
    ["? [hunter2, b]\n: 1", "a key that is a map, a list or an alias, at line 1"],
    ["? {hunter2: b}\n: 1", "a key that is a map, a list or an alias, at line 1"],
    ["- a", "must be a map of settings, got a list"],
    ["hunter2", "must be a map of settings, got a single value"],
    ["__proto__: { a: 1 }", '"__proto__" is not allowed'],
    ["vector_store_config: { __proto__: { a: 1 } }", "vector_store_config: the key"],
  ])("is told in a sentence, and not quoted: %s", async (text, part) => {
    const message = await failure(text);
    const [sentence = "", place = ""] = part.split(", at ");
    expect(message).toContain(sentence);
    expect(message).toContain(place);
    expect(message).not.toContain("hunter2");
    await new Promise((resolve) => setImmediate(resolve));
    expect(processWarnings).toEqual([]);
  });
});

async function timeToRead(bankCount: number): Promise<number> {
  const ids = Array.from({ length: bankCount }, (_, index) => `b${index}`);
  const bank = { barriers: { pii: { mode: "disabled" } } };
  const banks = Object.fromEntries(ids.map((id) => [id, bank]));
  const logger = { warn: () => undefined };
  const before = performance.now();
  await readConfig({ compliance_profile: "gdpr", banks }, { logger, environment: {} });
  return performance.now() - before;
}

describe("a document that is too much", () => {
  it("is refused when it holds itself, also without a file", () => {
    const document: Record<string, unknown> = {};
    document["banks"] = { a: document };
    expect(() => parseConfig(document, "config")).toThrow("a part of itself");
  });

  it("is refused when its parts are used many times over", () => {
    let part: Record<string, unknown> = { x: 1 };
    for (let depth = 0; depth < 25; depth += 1) part = { a: part, b: part };
    expect(() => parseConfig({ vector_store_config: part }, "config")).toThrow("more than");
  });

  it("is not read beyond what is allowed", async () => {
    await expect(readConfig("/dev/zero", { environment: {} })).rejects.toThrow("larger than");
  });

  it("has a bound on agents times banks", () => {
    const ids = Array.from({ length: 2000 }, (_, index) => `b${index}`);
    const banks = Object.fromEntries(ids.map((id) => [id, {}]));
    const agents = Object.fromEntries(ids.map((id) => [id, { banks: ["b*"] }]));
    expect(() => parseConfig({ banks, agents }, "config")).toThrow("name banks in full");
  });

  it("takes time in proportion to its banks", async () => {
    await timeToRead(100);
    expect(await timeToRead(1500)).toBeLessThan(1500);
  });
});
