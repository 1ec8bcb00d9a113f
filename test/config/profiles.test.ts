import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConfigDocument } from "../../src/config/document.js";
import { EnvironmentValues } from "../../src/config/environment-values.js";
import { loadProfile } from "../../src/config/load-profile.js";
import { readConfig } from "../../src/config/read-config.js";

const logger = { warn: () => undefined };
const nothingReplaced = new EnvironmentValues();

/** The contract's tables, row by row; `undefined` where a profile says nothing. */
const behaviour = ["minimal", "support", "coding", "personal", "research"] as const;
const behaviourTable: Readonly<Record<string, readonly unknown[]>> = {
  "homeostasis.recall_max_tokens": [undefined, 4096, 8192, 4096, 16_384],
  "homeostasis.reflect_max_tokens": [undefined, 4096, 8192, 8192, 16_384],
  "homeostasis.retain_max_content_bytes": [undefined, 51_200, 204_800, 51_200, 524_288],
  "homeostasis.rate_limits.retain_per_minute": [undefined, 30, 120, 60, 200],
  "homeostasis.rate_limits.recall_per_minute": [undefined, 60, 240, 120, 300],
  "homeostasis.rate_limits.reflect_per_minute": [undefined, 10, 30, 30, 50],
  "barriers.pii.mode": ["disabled", "regex", "regex", "regex", "disabled"],
  "barriers.pii.action": [undefined, "redact", "warn", "redact", undefined],
  "barriers.validation.max_content_length": [undefined, 10_000, 100_000, 20_000, 500_000],
  "barriers.validation.reject_empty_content": [true, true, true, true, true],
  "signal_quality.dedup.enabled": [false, true, true, true, true],
  "signal_quality.dedup.similarity_threshold": [undefined, 0.92, 0.98, 0.93, 0.97],
  "signal_quality.noisy_bank.enabled": [false, true, true, true, true],
  "signal_quality.noisy_bank.action": [undefined, "throttle", "warn", "warn", "warn"],
  "escalation.degraded_mode": ["error", "empty_recall", "error", "empty_recall", "error"],
  "defaults.skepticism": [undefined, 2, 3, 3, 5],
  "defaults.literalism": [undefined, 2, 5, 3, 4],
  "defaults.empathy": [undefined, 5, 1, 4, 1],
  "defaults.preferred_fact_types": [
    undefined,
    ["experience", "world"],
    ["world", "experience"],
    ["experience", "world", "observation"],
    ["world", "observation"],
  ],
  "defaults.tags": [
    undefined,
    ["support", "customer"],
    ["code", "technical"],
    ["personal"],
    ["research", "analysis"],
  ],
  "observability.otel_enabled": [false, undefined, undefined, undefined, undefined],
  "observability.prometheus_enabled": [false, undefined, undefined, undefined, undefined],
};

const compliance = ["gdpr", "hipaa", "pdpa"] as const;
const complianceTable: Readonly<Record<string, readonly unknown[]>> = {
  "barriers.pii.mode": ["rules_then_llm", "rules_then_llm", "rules_then_llm"],
  "barriers.pii.action": ["redact", "reject", "redact"],
  "lifecycle.enabled": [true, true, true],
  "lifecycle.ttl.archive_after_days": [365, 365, 365],
  "lifecycle.ttl.delete_after_days": [730, 2555, 1825],
  "access_control.enabled": [true, true, true],
  "access_control.default_policy": ["deny", "deny", "owner_only"],
  "dlp.scan_recall_output": [false, true, false],
  "dlp.scan_reflect_output": [true, true, true],
  "dlp.output_pii_action": ["redact", "reject", "redact"],
};

function cells(document: unknown, path = ""): [string, unknown][] {
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    return [[path, document]];
  }
  return Object.entries(document).flatMap(([key, value]) =>
    cells(value, path === "" ? key : `${path}.${key}`),
  );
}

function column(table: Readonly<Record<string, readonly unknown[]>>, index: number): unknown {
  const said = Object.entries(table).map(([path, row]) => [path, row[index]] as const);
  return Object.fromEntries(said.filter(([, value]) => value !== undefined));
}

describe("CFG-2: a profile that is shipped", () => {
  it.each(behaviour.map((name, index) => [name, index] as const))(
    "%s says what its column says, cell by cell",
    async (name, index) => {
      const { document } = await loadProfile("profile", name, ".", nothingReplaced);
      expect(Object.fromEntries(cells(document))).toEqual(column(behaviourTable, index));
    },
  );

  it.each(compliance.map((name, index) => [name, index] as const))(
    "%s says what its column says, cell by cell",
    async (name, index) => {
      const { document } = await loadProfile("compliance_profile", name, ".", nothingReplaced);
      expect(Object.fromEntries(cells(document))).toEqual(column(complianceTable, index));
    },
  );

  it.each([
    ["../gdpr", "profile"],
    ["compliance/gdpr", "profile"],
    ["gdpr", "profile"],
    ["minimal", "compliance_profile"],
    ["minimal.yaml", "profile"],
    ["min imal", "profile"],
    ["constructor", "profile"],
    ["..", "compliance_profile"],
  ] as const)("is not found as %j among the files of %s", async (name, kind) => {
    const { document, problems } = await loadProfile(kind, name, ".", nothingReplaced);
    expect(document).toBeUndefined();
    expect(problems).toEqual([
      expect.stringMatching(/rofile not found: ".*"; (?:did you mean \w+\? )?available: \w+, /),
    ]);
    expect(problems[0]).toContain(`"${name}"`);
  });
});

describe("a profile of the host's own", () => {
  let folder = "";
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const read = (document: string): Promise<ConfigDocument> => {
    write("astrocyte.yaml", document);
    return readConfig(join(folder, "astrocyte.yaml"), { logger, environment: {} }).then(
      ({ config }) => config,
    );
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "astrocyte-profiles-"));
    mkdirSync(join(folder, "profiles"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("begins at the configuration's folder, not at the process's", async () => {
    write("profiles/mine.yaml", "homeostasis: { recall_max_tokens: 77 }");
    await expect(read("profile: ./profiles/mine.yaml")).resolves.toMatchObject({
      homeostasis: { recall_max_tokens: 77 },
    });
    await expect(
      read(`compliance_profile: ${join(folder, "profiles/mine.yaml")}`),
    ).resolves.toMatchObject({ homeostasis: { recall_max_tokens: 77 } });
  });

  it("names neither profiles nor the environment's values", async () => {
    write("profiles/mine.yaml", "profile: research\nprovider: '${HOME}'");
    const config = await read("profile: ./profiles/mine.yaml");
    expect(config).toMatchObject({ profile: "./profiles/mine.yaml", provider: "${HOME}" });
    expect(config["homeostasis"]).not.toHaveProperty("recall_max_tokens");
  });

  it.each([
    ["that is not there", "./profiles/none.yaml", "Profile not found: "],
    ["that is no map", "./profiles/list.yaml", "map of settings"],
    [
      "with a wrong value",
      "./profiles/wrong.yaml",
      'profile "./profiles/wrong.yaml": homeostasis.recall_max_tokens',
    ],
  ])("%s is an error", async (_title, profile, reason) => {
    write("profiles/list.yaml", "- a");
    write("profiles/wrong.yaml", "homeostasis: { recall_max_tokens: many }");
    await expect(read(`profile: ${profile}`)).rejects.toMatchObject({
      code: "ASTROCYTE_CONFIG",
      message: expect.stringContaining(reason),
    });
  });
});
