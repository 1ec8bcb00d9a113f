import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProviders } from "../../src/config/build-providers.js";
import { describeConfig, formatConfigRows } from "../../src/config/describe-config.js";
import { EnvironmentValues } from "../../src/config/environment-values.js";
import { readConfig } from "../../src/config/read-config.js";
import { ProviderRegistry } from "../../src/spi/registry.js";
import { FakeClock } from "../../src/testing/fake-clock.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-values-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const secret = "sk-live-hunter2";

function read(text: string) {
  const file = join(folder, "astrocyte.yaml");
  writeFileSync(file, text);
  return readConfig(file, { logger: { warn: () => undefined }, environment: { KEY: secret } });
}

describe("a value from the environment", () => {
  it.each([
    "profile: ${KEY}",
    "profile: ./${KEY}.yaml",
    "compliance_profile: ${KEY}",
    "banks: { b: { profile: '${KEY}' } }",
    "banks: { b: }\nagents: { a: { banks: ['${KEY}'] } }",
    "banks: { b: }\nagents: { a: { banks: ['${KEY}*'] } }",
    "agents: { a: { allowed_banks: ['${KEY}*'] } }",
    "fallback_strategy: ${KEY}",
    "provider_tier: ${KEY}",
    "homeostasis: { recall_max_tokens: '${KEY}' }",
    "access_grants: [{ bank_id: b, principal: p, permissions: ['${KEY}'] }]",
    "sources: { s: { type: '${KEY}', extraction_profile: '${KEY}' } }",
  ])("is quoted in no error: %s", async (text) => {
    const error: unknown = await read(text).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "ASTROCYTE_CONFIG" });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("hunter2");
  });

  it("is quoted when it was written", async () => {
    await expect(read("profile: hunter3")).rejects.toThrow('"hunter3"');
    await expect(read("banks: { b: }\nagents: { a: { banks: [hunter3] } }")).rejects.toThrow(
      "bank id 'hunter3' is not listed",
    );
  });

  it.each(["vector_store: ${KEY}", "vector_store: '${KEY}:make'"])(
    "is quoted in no error about a provider: %s",
    async (text) => {
      const { config } = await read(text);
      const options = { registry: new ProviderRegistry(), clock: new FakeClock() };
      const error: unknown = await buildProviders(config, {}, options).catch(
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({ code: "ASTROCYTE_CONFIG" });
      expect(inspect(error, { depth: 9 })).not.toContain("hunter2");
    },
  );

  it("is shown as it is written, and marked", async () => {
    const loaded = await read(
      [
        "vector_store: in_memory",
        "vector_store_config: { anything: 'a-${KEY}', list: ['${KEY}'] }",
        "banks: { b: { access: [{ principal: '${KEY}', permissions: [read] }] } }",
      ].join("\n"),
    );
    const text = formatConfigRows(describeConfig(loaded));
    expect(text).toContain(
      'vector_store_config.anything: "a-${KEY}" (file, from the environment)\n',
    );
    expect(text).toContain('vector_store_config.list: ["${KEY}"] (file, from the environment)\n');
    expect(text).toContain('effective_grants[0]: {"bank_id":"b","principal":"${KEY}"');
    expect(text).not.toContain("hunter2");
    expect(text).toContain('vector_store: "in_memory" (file)\n');
  });

  it("does not print from what was read", async () => {
    const { environmentValues } = await read("provider: ${KEY}");
    expect(inspect(environmentValues, { depth: 9, showHidden: true })).not.toContain("hunter2");
  });
});

describe("EnvironmentValues", () => {
  const values = new EnvironmentValues([{ path: "a.b", written: " ${X}", text: " x(1 " }]);

  it("knows a text by what it is, not by blanks around it", () => {
    expect(values.quote("x(1")).toBe("(a value from the environment)");
    expect(values.quote("y")).toBe('"y"');
    expect(values.writtenAt("a.b")).toBe(" ${X}");
    expect(values.writtenAt("a")).toBeUndefined();
  });

  it("takes a text out of a message about it, in capitals too", () => {
    expect(values.conceal('no "x(1", no "X(1"', "x(1")).toBe('no "***", no "***"');
    expect(values.conceal('no "y"', "y")).toBe('no "y"');
  });
});
