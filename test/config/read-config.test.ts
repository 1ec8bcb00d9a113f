import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { describeConfig, formatConfigRows } from "../../src/config/describe-config.js";
import { grantsOf } from "../../src/config/grants-of.js";
import { reportIgnored } from "../../src/config/ignored-settings.js";
import { parseConfig } from "../../src/config/parse-config.js";
import { unenforced } from "../../src/config/protections.js";
import { readConfig } from "../../src/config/read-config.js";
import { contractRows } from "./contract-rows.js";

let folder = "";
const warnings: string[] = [];
const logger = {
  warn: (event: string, data?: object) => void warnings.push(`${event} ${JSON.stringify(data)}`),
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-config-"));
});
beforeEach(() => void warnings.splice(0));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, "astrocyte.yaml");
  writeFileSync(path, text);
  return path;
}

const read = (text: string, environment = {}) => readConfig(file(text), { logger, environment });
const readDocument = (document: object, environment = {}) =>
  readConfig(document as never, { logger, environment });

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: "ASTROCYTE_CONFIG" });
  return (error as Error).message;
}

describe("layers", () => {
  it("CFG-8: are none for an empty file, which is all defaults", async () => {
    const { document, config } = await read("");
    expect(document).toEqual({});
    expect(config).toMatchObject({
      fallback_strategy: "error",
      barriers: { pii: { mode: "regex" } },
    });
  });

  it("CFG-3: win in order: compliance profile, profile, document; lists are replaced", async () => {
    const { config } = await read(
      "compliance_profile: gdpr\nprofile: coding\ndefaults: { tags: [only] }\nhomeostasis: { recall_max_tokens: 5 }",
    );
    expect(config).toMatchObject({
      access_control: { enabled: true, default_policy: "deny" },
      barriers: { pii: { mode: "regex", action: "warn" } },
      homeostasis: { recall_max_tokens: 5, reflect_max_tokens: 8192 },
      defaults: { tags: ["only"], literalism: 5 },
    });
  });

  it.each(["barriers:", "barriers: { pii: }", "barriers: { pii: {} }"])(
    "keep the profile's settings under a section that says nothing: %s",
    async (text) => {
      const { config } = await read(`profile: coding\n${text}`);
      expect(config.barriers.pii.action).toBe("warn");
      expect(config.barriers.validation.max_content_length).toBe(100_000);
    },
  );

  it("CFG-8: give a null value its default back, over the profile's too", async () => {
    const { config } = await read("profile: coding\nhomeostasis: { recall_max_tokens: null }");
    expect(config.homeostasis.recall_max_tokens).toBeUndefined();
    expect(config.homeostasis.reflect_max_tokens).toBe(8192);
  });
});

describe("the environment", () => {
  it("CFG-5: replaces references in part of a text; keys, other forms and its own text stay", async () => {
    const { document } = await read(
      "provider: pre-${A}-${B}-post\nvector_store_config: { path: '$A ${A } ${1X} ${A:-x}', '${A}': '${EMPTY}', list: ['${A}'] }",
      { A: "${B}", B: "b", EMPTY: "" },
    );
    expect(document).toMatchObject({
      provider: "pre-${B}-b-post",
      vector_store_config: { path: "$A ${A } ${1X} ${A:-x}", "${A}": "", list: ["${B}"] },
    });
  });

  it("CFG-7: makes numbers and flags of text where they are due", async () => {
    const { config } = await read(
      "homeostasis: { recall_max_tokens: '${N}' }\nescalation: { circuit_breaker: { recovery_timeout_seconds: '${S}' } }\nobservability: { otel_enabled: '${Y}' }",
      { N: "100", S: "2.5", Y: "yes" },
    );
    expect(config).toMatchObject({
      homeostasis: { recall_max_tokens: 100 },
      escalation: { circuit_breaker: { recovery_timeout_seconds: 2.5 } },
      observability: { otel_enabled: true },
    });
    expect(
      await failure(read("homeostasis: { recall_max_tokens: '${N}' }", { N: "1x" })),
    ).toContain("homeostasis.recall_max_tokens: expected a number, got text");
  });

  it("CFG-6: keeps an unset reference as written and reports it", async () => {
    const { config } = await read("vector_store_config: { path: '${UNSET}' }");
    expect(config.vector_store_config).toEqual({ path: "${UNSET}" });
    expect(warnings.join()).toContain("UNSET");
  });

  it.each([
    "vector_store_config: { auth_token: '${UNSET}' }",
    "vector_store_config: { dsn: '${UNSET}' }",
    "homeostasis: { recall_max_tokens: '${UNSET}' }",
    "identity: { jwt_middleware: { jwks_uri: '${UNSET}' } }",
  ])("must set what may be a secret: %s", async (text) => {
    const message = await failure(read(text));
    expect(message).toContain("Unresolved environment variables in sensitive config fields: ");
    expect(message).toContain("${UNSET}");
    expect(message).toContain(folder);
  });

  it("is not asked for the names of an object's own methods", async () => {
    const { config } = await read("provider: '${toString}${constructor}'");
    expect(config.provider).toBe("${toString}${constructor}");
  });

  it("does not reach a document object", async () => {
    const { config } = await readDocument({ provider: "${A}" }, { A: "a" });
    expect(config.provider).toBe("${A}");
  });

  it.each([
    ["0", false],
    ["yes", true],
    ["", true],
    ["nonsense", true],
  ])("switches temporal expansion by %j", async (value, expected) => {
    const environment = { ASTROCYTE_M18_ENABLE_TEMPORAL_EXPANSION: value };
    const { config } = await read("", environment);
    expect(config.query_analyzer.enable_temporal_expansion).toBe(expected);
  });
});

describe("a file", () => {
  it("that is missing is named", async () => {
    const missing = join(folder, "nowhere.yaml");
    expect(await failure(readConfig(missing, { logger }))).toContain(`not found: ${missing}`);
  });

  it.each([
    ["a syntax error", "a: [1", "line 1"],
    ["a tab", "\tx: 1", "line 1"],
    ["an unknown tag", "a: !!js/function 'x'", "tag"],
    ["a tag of Python", "!!python/object:os.system {}", "tag"],
    ["a local tag", "a: !secret x", "tag"],
    ["a list at the root", "- a", "map of settings"],
    ["a number at the root", "42", "map of settings"],
    ["duplicate keys", "vector_store: a\nvector_store: b", "twice at line 2"],
    ["an alias flood", `a: &a [x]\nb: [${"*a, ".repeat(200)}*a]`, "aliases"],
    ["the key __proto__", "vector_store_config: { __proto__: { polluted: true } }", "__proto__"],
    ["too much text", `a: "${"x".repeat(300_000)}"`, "larger than"],
    ["a profile that does not exist", "profile: ../minimal", "available: minimal"],
    ["a compliance profile that does not exist", "compliance_profile: nope", "available: gdpr"],
    [
      "a bank's profile that does not exist",
      "banks: { b: { profile: nope } }",
      "available: minimal",
    ],
  ])("with %s is refused", async (_name, text, reason) => {
    expect(await failure(read(text))).toContain(reason);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("CFG-16: is YAML 1.1: words as flags, octal and sexagesimal numbers, merge keys", async () => {
    const { config } = await read(
      [
        "observability: { otel_enabled: yes, prometheus_enabled: on }",
        "recall_cache: { enabled: off, max_entries: 010, ttl_seconds: 1:30 }",
        "mcp: { max_results_limit: 1_000 }",
        "a: &x { k: 1 }",
        "vector_store_config: { <<: *x, z: 2 }",
      ].join("\n"),
    );
    expect(config).toMatchObject({
      observability: { otel_enabled: true, prometheus_enabled: true },
      recall_cache: { enabled: false, max_entries: 8, ttl_seconds: 90 },
      mcp: { max_results_limit: 1000 },
      vector_store_config: { k: 1, z: 2 },
    });
    expect(await failure(read("barriers: { pii: { countries: [NO] } }"))).toContain(
      "barriers.pii.countries[0]: expected text, got false (put it in quotes",
    );
    expect(await failure(read("provider: 2024-01-01"))).toContain("expected text, got a date");
  });

  it("has the letters y and n as text, where YAML 1.1 has flags", async () => {
    const { config } = await read("vector_store: y\nvector_store_config: { n: N, y: [Y, n] }");
    expect(config).toMatchObject({
      vector_store: "y",
      vector_store_config: { n: "N", y: ["Y", "n"] },
    });
  });

  it("is quoted nowhere in an error", async () => {
    const error = await read('llm_provider_config:\n  api_key: "sk-verysecret\n').catch(
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
  ])("with %s that nest too deep is refused", async (_name, text) => {
    expect(await failure(read(text))).toMatch(/nested deeper|map of settings/);
  });
});

describe("a document object", () => {
  it("that is a part of itself is refused", async () => {
    const document: Record<string, unknown> = {};
    document["vector_store_config"] = { document };
    expect(await failure(readDocument(document))).toContain("nested deeper");
  });

  it("with __proto__ is refused, and prototypes stay as they are", async () => {
    const document: unknown = JSON.parse(
      '{"vector_store_config": {"__proto__": {"polluted": true}}}',
    );
    expect(await failure(readDocument(document as object))).toContain("__proto__");
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("keeps live objects in the settings of providers", async () => {
    const onProgress = logger.warn;
    const client = new Map();
    const settings = { onProgress, client };
    const { config } = await readDocument({ vector_store_config: settings });
    expect(config.vector_store_config?.["onProgress"]).toBe(onProgress);
    expect(config.vector_store_config?.["client"]).toBe(client);
  });
});

describe("errors", () => {
  it("name every problem at once, with path, kind and what is allowed", async () => {
    const message = await failure(
      read(
        [
          "vector_store: 3",
          "fallback_strategy: sometimes",
          "homeostasis: [1]",
          "barriers: { pii: { mode: regx } }",
          "recall_cache: { max_entries: 0, similarity_threshold: 3 }",
          "banks: { 'a b': {}, c: { barriers: { pii: { action: 5 } } } }",
          "sources: { s: { url: x } }",
          "identity: { jwt_middleware: { enabled: true } }",
          "homeostasiss: {}",
        ].join("\n"),
      ),
    );
    for (const part of [
      "vector_store: expected text, got a whole number",
      "fallback_strategy: expected one of error, degrade, local_llm, got another text",
      "homeostasis: expected a map, got a list",
      "barriers.pii.mode: expected one of disabled, regex, ner, llm, rules_then_llm, got another text (did you mean regex?)",
      "recall_cache.max_entries: expected more than 0",
      "recall_cache.similarity_threshold: expected at most 1",
      "banks.a b: is no bank id",
      "banks.c.barriers.pii.action: expected one of redact, reject, warn, got a whole number",
      "sources.s: type is required",
      "identity.jwt_middleware.enabled: this version does not enforce it",
      "without effect: homeostasiss (unknown; did you mean homeostasis?)",
    ]) {
      expect(message).toContain(part);
    }
    expect(message.startsWith(join(folder, "astrocyte.yaml"))).toBe(true);
  });

  it("never hold a value, wherever a secret was put", async () => {
    const secret = "sk-verysecret";
    for (const [path] of contractRows.filter(([row]) => !row.includes("<id>"))) {
      const document = path
        .split(".")
        .reduceRight<unknown>((inner, key) => ({ [key]: inner }), [{ inner: secret }, secret]);
      const error = await readDocument(document as object).then(
        () => "none",
        (reason: unknown) => reason,
      );
      expect(inspect(error, { depth: 9 })).not.toContain(secret);
    }
  });

  it("are configuration errors, whatever the document", async () => {
    const keys = fc.constantFrom(
      ...contractRows.flatMap(([path]) => path.split(".")),
      "constructor",
      "toString",
      "x",
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.oneof(fc.string({ unit: "binary" }), fc.double(), fc.boolean(), fc.constant(null)),
        fc.dictionary(keys, tie("tree"), { maxKeys: 5 }),
        fc.array(tie("tree"), { maxLength: 3 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(keys, tree, { maxKeys: 5 }), async (document) => {
        const { profile: _a, compliance_profile: _b, ...settings } = document;
        const code = await readDocument(settings).then(
          () => "ASTROCYTE_CONFIG",
          (error: unknown) => (error as { code?: unknown }).code,
        );
        expect(code).toBe("ASTROCYTE_CONFIG");
      }),
      { numRuns: 150 },
    );
  });
});

describe("CFG-9: reports", () => {
  it.each([
    [
      "homeostasis: { recall_max_token: 3 }",
      "homeostasis.recall_max_token (unknown; did you mean recall_max_tokens?)",
    ],
    ["embeding_provider: local", "embeding_provider (unknown; did you mean embedding_provider?)"],
    [
      "banks: { b: { homeostasis: { quotaz: {} } } }",
      "banks.b.homeostasis.quotaz (unknown; did you mean quotas?)",
    ],
    [
      "access_grants: [{ bank_id: b, principal: p, permissions: [read], permision: x }]",
      "access_grants[0].permision (unknown",
    ],
    ["zzz: 1", "zzz (unknown)"],
    [
      "tiered_retrieval: { enabled: true }",
      "tiered_retrieval.enabled (accepted but not implemented)",
    ],
    [
      "cross_encoder_rerank: { top_k: 5 }",
      "cross_encoder_rerank.top_k (accepted but not implemented)",
    ],
    ["lifecycle: { enabled: true, audit: {} }", "lifecycle.audit (accepted but not implemented)"],
    ["hooks: { on_retain: x }", "hooks (accepted but not implemented)"],
    ["agents: { a: { default_bank: b } }", "agents.a.default_bank (accepted but not implemented)"],
    ["sources: { s: { type: webhook } }", "sources (accepted but not implemented)"],
    ["banks: { b: 3 }", "banks.b (no map of settings)"],
    [
      "tiered_retrieval: { enabled: false }",
      "tiered_retrieval.enabled (accepted but not implemented)",
    ],
    [
      "banks: { b: { homeostasis: { tokenizer: heuristic } } }",
      "banks.b.homeostasis.tokenizer (works globally only)",
    ],
    [
      "banks: { a.b: { homeostasis: { rate_limits: { global_per_minute: 5 } } } }",
      "banks.a.b.homeostasis.rate_limits.global_per_minute (works globally only)",
    ],
    [
      "lifecycle: { enabled: true }",
      "lifecycle.enabled (acts where runLifecycle is called; nothing calls it by itself)",
    ],
    [
      "compliance_profile: gdpr",
      "lifecycle.enabled (acts where runLifecycle is called; nothing calls it by itself)",
    ],
    ["mip: rules.yaml", "mip_config_path (not enforced, so no brain is built with it)"],
    ["access_grants: [junk]", "access_grants[0] (no map of settings)"],
  ])("%s", async (text, report) => {
    await read(text);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(report);
  });

  it.each([
    "tiered_retrieval: { enabled: }",
    "banks: { b: }",
    "barriers: { pii: { mode: ner, countries: [UK] } }",
    "banks: { b: { profile: minimal } }",
    "vector_store_config: { anything: 1 }",
    "provider_tier: engine",
  ])("nothing of %s", async (text) => {
    await read(text);
    expect(warnings).toEqual([]);
  });

  it("each setting once, in one line", async () => {
    await read("tiered_retrieval: { enabled: true }\nhooks: {}\nzzz: 1");
    expect(warnings).toHaveLength(1);
  });
});

describe("a profile without effect in part", () => {
  it("is told of key by key, once, also when it is shipped", async () => {
    await read("profile: coding\nbanks: { a: { profile: coding } }");
    expect(warnings).toHaveLength(1);
    expect(
      warnings[0]?.match(
        /profile \\"coding\\": defaults\.preferred_fact_types \(accepted but not implemented\)/g,
      ),
    ).toHaveLength(1);
  });

  it("is told of key by key when it is the user's own", async () => {
    writeFileSync(
      join(folder, "mine.yaml"),
      "homeostasiss: {}\ntiered_retrieval: { min_score: 1 }",
    );
    await read("profile: ./mine.yaml");
    expect(warnings.join()).toContain(
      'profile \\"./mine.yaml\\": homeostasiss (unknown; did you mean homeostasis?)',
    );
    expect(warnings.join()).toContain(
      'profile \\"./mine.yaml\\": tiered_retrieval.min_score (accepted but not implemented)',
    );
  });
});

describe("reportIgnored", () => {
  it("says of a document object what a file would be told", () => {
    const document = { homeostasiss: {}, mcp: { expose_admin: false }, banks: { b: 3 } };
    reportIgnored(document, parseConfig(document, "config"), logger);
    expect(warnings).toHaveLength(1);
    for (const part of [
      "homeostasiss (unknown; did you mean homeostasis?)",
      "mcp.expose_admin (accepted but not implemented)",
      "banks.b (no map of settings)",
    ]) {
      expect(warnings[0]).toContain(part);
    }
  });

  it("is silent when there is nothing to say", () => {
    reportIgnored({ vector_store: "x" }, parseConfig({ vector_store: "x" }, "config"), logger);
    expect(warnings).toEqual([]);
  });
});

describe("protections that this version does not give", () => {
  it.each([
    ["governance: { residency: eu }", "governance.residency"],
    ["governance: { encryption: { at_rest: true } }", "governance.encryption"],
    ["governance: { classification: [secret] }", "governance.classification"],
    ["governance: yes", "governance: this version"],
    ["identity: { jwt_middleware: { enabled: on } }", "identity.jwt_middleware.enabled"],
  ])("are refused: %s", async (text, path) => {
    expect(await failure(read(text))).toContain(path);
  });

  it.each([
    "governance:",
    "governance: { encryption: { enabled: false, key: x }, residency: }",
    "identity: { jwt_middleware: { enabled: off } }",
  ])("are not asked for by %s", async (text) => {
    await expect(read(text)).resolves.toMatchObject({ config: {} });
  });

  it("CFG-15: can be read where no brain is built with them", async () => {
    const { config } = await read("mip: sub/rules.yaml");
    expect(config.mip_config_path).toBe(join(folder, "sub/rules.yaml"));
    expect(unenforced(config)).toEqual(["mip_config_path"]);
    expect(unenforced(parseConfig({ mip: "x" }, "config"))).toEqual(["mip"]);
    expect(unenforced((await read("")).config)).toEqual([]);
  });
});

describe("a bank with nothing under it", () => {
  it("is declared", async () => {
    const { config, bankConfigs } = await read(
      "banks:\n  user-1:\n  user-2:\nagents: { a: { banks: ['user-*'] } }",
    );
    expect([...bankConfigs.keys()]).toEqual(["user-1", "user-2"]);
    expect(grantsOf(config).map(({ bankId }) => bankId)).toEqual(["user-1", "user-2"]);
  });
});

const weakened = () =>
  warnings
    .filter((line) => line.startsWith("astrocyte.config.weakened_compliance_profile"))
    .map((line) => (JSON.parse(line.slice(line.indexOf("{"))) as { keys: string }).keys);

describe("CFG-4: a compliance profile", () => {
  it.each([
    ["the profile", "profile: coding", "barriers.pii.mode, barriers.pii.action"],
    ["the profile", "profile: minimal", "barriers.pii.mode"],
    ["the document", "access_control: { enabled: false }", "access_control.enabled"],
    ["the document", "access_control: { default_policy: open }", "access_control.default_policy"],
    ["the document", "dlp: { scan_reflect_output: false }", "dlp.scan_reflect_output"],
    ["the document", "dlp: { output_pii_action: warn }", "dlp.output_pii_action"],
    [
      "the document",
      "lifecycle: { ttl: { delete_after_days: 9999 } }",
      "lifecycle.ttl.delete_after_days",
    ],
    ["the document", "lifecycle: { enabled: false }", "lifecycle.enabled"],
    [
      "an exception",
      "barriers: { pii: { type_overrides: { email: { action: warn } } } }",
      "barriers.pii.type_overrides.email.action",
    ],
    ["a bank", "banks: { b: { barriers: { pii: { mode: regex } } } }", "banks.b.barriers.pii.mode"],
    ["a bank's profile", "banks: { b: { profile: minimal } }", "banks.b.barriers.pii.mode"],
    ["a null", "barriers: { pii: { mode: null } }", "barriers.pii.mode"],
    [
      "a bank that is not the only one",
      "barriers: { pii: { mode: regex } }\nbanks: { b: { barriers: { pii: { mode: disabled } } }, c: }",
      "barriers.pii.mode, banks.b.barriers.pii.mode",
    ],
    [
      "a bank's exception",
      "banks: { b: { barriers: { pii: { type_overrides: { email: { action: warn } } } } } }",
      "banks.b.barriers.pii.type_overrides.email.action",
    ],
  ])("that is weakened by %s is reported: %s", async (_by, text, keys) => {
    await read(`compliance_profile: gdpr\n${text}`);
    expect(weakened()).toEqual([keys]);
  });

  it.each([
    "compliance_profile: gdpr",
    "compliance_profile: gdpr\nbarriers: { pii: { action: reject } }",
    "compliance_profile: gdpr\nlifecycle: { ttl: { delete_after_days: 1 } }",
    "compliance_profile: hipaa\nbanks: { b: { homeostasis: { recall_max_tokens: 1 } } }",
    "compliance_profile: pdpa\naccess_control: { default_policy: deny }\ndlp: { scan_recall_output: true }",
    "compliance_profile: gdpr\nbanks: { b: { barriers: { pii: { action: reject } } } }",
    "profile: minimal",
  ])("that is not weakened is not: %s", async (text) => {
    await read(text);
    expect(weakened()).toEqual([]);
  });
});

describe("a compliance profile of the host's own", () => {
  it("is not kept to wherever something above it is another", async () => {
    writeFileSync(
      join(folder, "ours.yaml"),
      "barriers: { metadata: { blocked_keys: [ssn] }, pii: { pii_llm_failure: reject } }\nhomeostasis: { recall_max_tokens: 100 }",
    );
    await read(
      "compliance_profile: ./ours.yaml\nbarriers: { metadata: { blocked_keys: [] } }\nhomeostasis: { recall_max_tokens: 50 }",
    );
    expect(weakened()).toEqual(["barriers.metadata.blocked_keys, homeostasis.recall_max_tokens"]);
  });
});

describe("secrets", () => {
  const text = [
    "vector_store_config: { dsn: 'postgres://u:hunter2@h/db', url: 'https://u:hunter2@h', nested: [{ password: 1234567 }] }",
    "llm_provider_config: { api_key: '${KEY}', apiKey: hunter2, max_tokens: 100, model: plain }",
    "async_tasks: { dsn: hunter2 }",
    "sources: { s: { type: webhook, auth: { header: hunter2 }, headers: { x: hunter2 }, url: 'https://h/?token=hunter2', recall_body: { api_key: hunter2 } } }",
    "provider_config: { encryptionKey: hunter2, encryption_key: hunter2, pwd: hunter2, key: hunter2, bearer: hunter2, salt: hunter2 }",
    "document_store_config: { cookie: hunter2, authorization: hunter2, conn: 'host=a;Password = hunter2', base_url: 'https://h/?key=hunter2', address: 'https://hunter2@h/' }",
    "graph_store_config: { password: 1111-11-11 }",
  ].join("\n");

  it("do not print from what was read", async () => {
    const loaded = await read(text, { KEY: "hunter2" });
    for (const seen of [inspect(loaded, { depth: 20 }), JSON.stringify(loaded)]) {
      expect(seen).not.toMatch(/hunter2|1234567|1111-11-11/);
    }
    expect(inspect(loaded, { depth: 20 })).toContain("plain");
    const shown = formatConfigRows(describeConfig(loaded));
    expect(shown).not.toMatch(/hunter2|1234567|1111-11-11/);
    expect(shown).toContain('llm_provider_config.model: "plain"');
    expect(loaded.config.llm_provider_config?.["max_tokens"]).toBe(100);
  });

  it("do not print from the warnings", async () => {
    await read(`${text}\nhunter: 1`, { KEY: "hunter2" });
    expect(warnings.join()).not.toContain("hunter2");
  });
});
