import { describe, expect, it } from "vitest";
import { resolveBankDocument } from "../../src/config/bank-document.js";
import { parseBankConfigs, parseConfig } from "../../src/config/parse-config.js";
import { readConfig } from "../../src/config/read-config.js";

const document = {
  homeostasis: { recall_max_tokens: 100, rate_limits: { retain_per_minute: 5 } },
  barriers: { pii: { action: "reject", countries: ["UK"] } },
  escalation: { degraded_mode: "error" },
  banks: {
    a: {
      homeostasis: { rate_limits: { recall_per_minute: 9 } },
      barriers: { pii: { countries: ["SG"] } },
    },
    b: { profile: "loose", barriers: { pii: { countries: [] } } },
    c: {},
  },
};
const profiles = new Map([
  [
    "loose",
    {
      barriers: { pii: { mode: "disabled", action: "warn" } },
      escalation: { degraded_mode: "cache" },
    },
  ],
]);

/** What a parser does that completes a bank's sections before it merges them. */
function completedFirst(bankId: "a" | "b" | "c") {
  const { banks: _banks, ...globally } = parseConfig(document, "config");
  return { ...globally, ...parseConfig({ banks: document.banks }, "config").banks?.[bankId] };
}

describe("CFG-14: a bank's configuration", () => {
  it("has the global value wherever the bank says nothing, beside what it says too", () => {
    const config = parseBankConfigs(document, "config", profiles).get("a");
    const expected = {
      homeostasis: {
        recall_max_tokens: 100,
        rate_limits: { retain_per_minute: 5, recall_per_minute: 9 },
      },
      barriers: { pii: { action: "reject", countries: ["SG"] } },
      escalation: { degraded_mode: "error" },
    };
    expect(config).toMatchObject(expected);
    expect(completedFirst("a")).not.toMatchObject(expected);
  });

  it("has the bank's profile over the global settings, and its own on top", () => {
    expect(parseBankConfigs(document, "config", profiles).get("b")).toMatchObject({
      barriers: { pii: { mode: "disabled", action: "warn", countries: [] } },
      escalation: { degraded_mode: "cache" },
      homeostasis: { recall_max_tokens: 100 },
    });
  });

  it("is the global one for a bank that says nothing, or is not named", () => {
    expect(resolveBankDocument(document, "c")).toEqual(document);
    expect(resolveBankDocument(document, "elsewhere")).toEqual(document);
    expect(resolveBankDocument(document, "constructor")).toEqual(document);
  });

  it("has no section but those that banks may have", () => {
    const withDlp = { banks: { a: { dlp: { scan_recall_output: true } } } };
    expect(resolveBankDocument(withDlp, "a")).not.toHaveProperty("dlp");
  });

  it("needs the profile that it names", () => {
    expect(() => resolveBankDocument(document, "b")).toThrow(
      'banks.b.profile: "loose" was not loaded',
    );
  });

  it("is made for every bank that is named", () => {
    expect([...parseBankConfigs(document, "config", profiles).keys()]).toEqual(["a", "b", "c"]);
    expect(parseBankConfigs({}, "config").size).toBe(0);
  });

  it("names the bank in every problem", () => {
    const wrong = {
      banks: {
        a: { homeostasis: { recall_max_tokens: -1 } },
        b: { barriers: { pii: { mode: "off" } } },
      },
    };
    for (const path of ["banks.a.homeostasis.recall_max_tokens", "banks.b.barriers.pii.mode"]) {
      expect(() => parseBankConfigs(wrong, "here.yaml")).toThrow(path);
      expect(() => parseConfig(wrong, "here.yaml")).toThrow(path);
    }
  });

  it("takes shipped profiles by name", async () => {
    const { bankConfigs, config } = await readConfig(
      { banks: { b: { profile: "research" } } },
      { logger: { warn: () => undefined }, environment: {} },
    );
    expect(bankConfigs.get("b")?.homeostasis.recall_max_tokens).toBe(16_384);
    expect(config.homeostasis.recall_max_tokens).toBeUndefined();
  });
});
