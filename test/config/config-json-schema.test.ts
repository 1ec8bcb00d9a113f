import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { configJsonSchema } from "../../src/config/config-json-schema.js";
import { parseYaml } from "../../src/config/parse-yaml.js";

const schema = configJsonSchema();
const validate = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);
const problems = (text: string): string[] =>
  validate(parseYaml(text, "document"))
    ? []
    : (validate.errors ?? []).map(({ instancePath }) => instancePath);

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
    ["banks: { b: { barriers: { pii: { action: shred } } } }", "/banks/b/barriers/pii/action"],
    ["vector_store: [a]", "/vector_store"],
  ])("refuses %s", (text, path) => {
    expect(problems(text)).toContain(path);
  });

  it.each([
    "homeostasis: { recall_max_tokens: '${N}' }",
    "observability: { otel_enabled: '${OTEL}' }",
    "barriers:",
    "banks:",
    "some_unknown_key: 1",
    "access_grants: [{ bank_id: 5, principal: 6, permissions: ['*'] }]",
    "lifecycle: { ttl: { fact_type_overrides: { world: null } } }",
  ])("takes %s, as the library does", (text) => {
    expect(problems(text)).toEqual([]);
  });

  it("tells an editor what a key does, its default and its values", () => {
    expect(schema).toMatchObject({
      properties: {
        barriers: {
          properties: {
            pii: {
              properties: {
                mode: {
                  default: "regex",
                  enum: ["disabled", "regex", "ner", "llm", "rules_then_llm"],
                  description: expect.stringContaining("personal data"),
                },
              },
            },
          },
        },
        homeostasis: { properties: { recall_max_tokens: { description: expect.any(String) } } },
      },
    });
  });
});
