import { describe, expect, it } from "vitest";
import { describeConfig, formatConfigRows } from "../../src/config/describe-config.js";
import { readConfig } from "../../src/config/read-config.js";

const read = (document: object, environment = {}) =>
  readConfig(document as never, { logger: { warn: () => undefined }, environment });

const document = {
  compliance_profile: "gdpr",
  profile: "coding",
  llm_provider: "openai",
  llm_provider_config: { model: "m", base_url: "https://user:hunter2@host/v1", extra: [1] },
  vector_store_config: { password: "hunter2" },
  sources: { s: { type: "webhook", url: "https://user:hunter2@host/", auth: { x: "hunter2" } } },
  homeostasis: { recall_max_tokens: 5 },
  banks: {
    a: { barriers: { pii: { action: "reject" } } },
    b: { profile: "research", homeostasis: { recall_max_tokens: 9 } },
  },
};

async function rowsOf(bankId?: string) {
  const loaded = await read(document, { OPENAI_API_KEY: "hunter2" });
  const rows = describeConfig(loaded, { bankId });
  return new Map(rows.map(({ path, value, from }) => [path, [value, from]]));
}

describe("describeConfig", () => {
  it("tells where every setting comes from", async () => {
    const rows = await rowsOf();
    expect(rows.get("homeostasis.recall_max_tokens")).toEqual([5, "file"]);
    expect(rows.get("homeostasis.reflect_max_tokens")).toEqual([8192, "profile"]);
    expect(rows.get("barriers.pii.action")).toEqual(["warn", "profile"]);
    expect(rows.get("dlp.scan_reflect_output")).toEqual([true, "compliance profile"]);
    expect(rows.get("escalation.circuit_breaker.failure_threshold")).toEqual([5, "default"]);
    expect(rows.get("llm_provider_config.api_key")).toEqual(["***", "environment"]);
    expect(rows.get("llm_provider_config.extra")).toEqual([[1], "file"]);
    expect(rows.get("banks.a.barriers.pii.action")).toEqual(["reject", "file"]);
  });

  it("shows what holds for a bank", async () => {
    const a = await rowsOf("a");
    expect(a.get("barriers.pii.action")).toEqual(["reject", "bank"]);
    expect(a.get("barriers.pii.mode")).toEqual(["regex", "profile"]);
    expect([...a.keys()].filter((path) => path.startsWith("banks"))).toEqual([]);
    const b = await rowsOf("b");
    expect(b.get("homeostasis.recall_max_tokens")).toEqual([9, "bank"]);
    expect(b.get("homeostasis.reflect_max_tokens")).toEqual([16_384, "bank profile"]);
    expect(b.get("barriers.pii.mode")).toEqual(["disabled", "bank profile"]);
    const other = await rowsOf("elsewhere");
    expect(other.get("barriers.pii.action")).toEqual(["warn", "profile"]);
  });

  it("masks secrets, in addresses too", async () => {
    const loaded = await read(document, { OPENAI_API_KEY: "hunter2" });
    const rows = describeConfig(loaded);
    expect(JSON.stringify(rows)).not.toContain("hunter2");
    expect(formatConfigRows(rows)).not.toContain("hunter2");
    expect(formatConfigRows(rows)).toContain('sources.s.url: "***" (file)');
  });

  it("shows what JSON cannot hold by its kind", async () => {
    const cyclic: unknown[] = [];
    cyclic.push(new Map([["x", cyclic]]));
    const client = { toJSON: () => ({ itself: client, big: 1n }) };
    const loaded = await read({
      vector_store_config: { call: () => 1, client: new Map([["k", client]]), n: 1n },
    });
    const rows = describeConfig(loaded).filter(({ path }) =>
      path.startsWith("vector_store_config"),
    );
    expect(rows.map(({ value }) => value)).toEqual(["(function)", {}, "(object)"]);
  });
});
