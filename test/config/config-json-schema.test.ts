import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configJsonSchema } from "../../src/config/config-json-schema.js";
import { parseConfig } from "../../src/config/parse-config.js";
import { parseYaml } from "../../src/config/parse-yaml.js";
import { substituteEnvironment } from "../../src/config/substitute-environment.js";

const schema = configJsonSchema();
const validate = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

/** Where an editor finds something wrong; it reads YAML 1.2. */
const problems = (text: string): string[] =>
  validate(parse(text)) ? [] : (validate.errors ?? []).map(({ instancePath }) => instancePath);

function isLoaded(text: string): boolean {
  try {
    const environment = { N: "5", F: "off", T: "text", W: "redact" };
    const { document } = substituteEnvironment(parseYaml(text, "here"), environment, "here");
    parseConfig(document, "here");
    return true;
  } catch {
    return false;
  }
}

const worked = `
provider_tier: storage
profile: support
vector_store: my_store
vector_store_config: { dsn: "\${DATABASE_URL}" }
llm_provider: langchain
embedding_provider: langchain
homeostasis: { recall_max_tokens: 8192 }
barriers:
  validation: { allowed_content_types: [text, conversation, document, email] }
  pii: { countries: [UK, SG], type_overrides: { credit_card: { action: reject } } }
access_control: { enabled: true, default_policy: deny }
banks:
  user-1:
    access: [ { principal: "agent:bot", permissions: [read, write] } ]
agents:
  helper: { banks: ["user-*"] }
`;

describe("the JSON Schema", () => {
  it("takes the contract's worked example", () => {
    expect(problems(worked)).toEqual([]);
  });

  it("takes the repository's example", () => {
    const root = join(import.meta.dirname, "../..");
    expect(problems(readFileSync(join(root, "examples/astrocyte.yaml"), "utf8"))).toEqual([]);
  });

  it.each([
    ["barriers: { pii: { mode: regx } }", "/barriers/pii/mode"],
    ["fallback_strategy: sometimes", "/fallback_strategy"],
    ["homeostasis: { recall_max_tokens: many }", "/homeostasis/recall_max_tokens"],
    ["access_grants: [{ bank_id: b }]", "/access_grants/0"],
    ["access_grants: [{ bank_id: b, principal: null, permissions: [] }]", "/access_grants/0"],
    ["banks: { b: { barriers: { pii: { action: shred } } } }", "/banks/b/barriers/pii/action"],
    ["banks: { 'a b': {} }", "/banks"],
    ["vector_store: [a]", "/vector_store"],
    ["homeostasis: { recal_max_tokens: 5 }", "/homeostasis"],
    ["some_unknown_key: 1", ""],
    ["barriers: { prompt_injection: { mode: on } }", "/barriers/prompt_injection/mode"],
  ])("marks %s", (text, path) => {
    expect(problems(text).some((found) => found.startsWith(path))).toBe(true);
  });

  it.each([
    "homeostasis: { recall_max_tokens: '${N}' }",
    "homeostasis: { recall_max_tokens: ' 5 ' }",
    "homeostasis: { recall_max_tokens: 1_000 }",
    "homeostasis: { recall_max_tokens: null }",
    "recall_cache: { ttl_seconds: 1:30 }",
    "observability: { otel_enabled: '${F}' }",
    "observability: { otel_enabled: off }",
    "observability: { otel_enabled: Yes }",
    "barriers: { pii: { action: '${W}', mode: null } }",
    "barriers: { prompt_injection: { mode: off } }",
    "barriers: { prompt_injection: { mode: false } }",
    "barriers:",
    "banks:",
    "banks: { b: }",
    "banks: { b: { profile: minimal, access: [{ principal: p, permissions: ['*'] }] } }",
    "hooks: { on_retain: x }",
    "provider: '${T}'",
    "vector_store:",
    "access_grants: [{ bank_id: 5, principal: 6, permissions: ['*'] }]",
    "lifecycle: { ttl: { fact_type_overrides: { world: null } } }",
    "sources: { s: { type: webhook, url: '${T}', auth: { token: x }, recall_body: { q: [1] } } }",
    "async_tasks: { dsn: '${T}' }",
    "extraction_profiles: { p: { entity_extraction: metadata, metadata_mapping: { a: b } } }",
  ])("takes %s, as the library does", (text) => {
    expect(isLoaded(text)).toBe(true);
    expect(problems(text)).toEqual([]);
  });

  it("tells an editor what a key does, its default, its values and examples", () => {
    const mode = {
      default: "regex",
      anyOf: expect.arrayContaining([
        { type: "string", enum: ["disabled", "regex", "ner", "llm", "rules_then_llm"] },
      ]),
      description: expect.stringContaining("personal data"),
    };
    expect(schema).toMatchObject({
      properties: { barriers: { properties: { pii: { properties: { mode } } } } },
    });
    expect(schema).toMatchObject({
      properties: {
        vector_store: { examples: expect.arrayContaining(["in_memory", "sqlite"]) },
        profile: { examples: expect.arrayContaining(["support"]) },
        compliance_profile: { examples: ["gdpr", "hipaa", "pdpa"] },
      },
    });
  });
});
