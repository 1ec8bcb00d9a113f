import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.js";
import { configSchema } from "../../src/config/schema.js";
import { ProviderUnavailableError } from "../../src/errors.js";
import { createBankPolicy, type BankPolicyParts } from "../../src/governance/bank-policy.js";
import { noPeers } from "../../src/governance/policy-peers.js";
import { ProviderGuard } from "../../src/governance/provider-guard.js";
import { sanitizeMetadata } from "../../src/policy/metadata-sanitizer.js";
import { createScriptedLLM } from "../../src/testing/scripted-llm.js";

const down = () =>
  createScriptedLLM({ responses: Array.from({ length: 9 }, () => new Error("down")) });

function policyWith(parts: Partial<BankPolicyParts>, pii: object = {}) {
  const warnings: string[] = [];
  const policy = createBankPolicy(configSchema.parse({ barriers: { pii } }), {
    clock: systemClock,
    logger: { warn: (event) => void warnings.push(event) },
    llm: undefined,
    entityRecognizer: undefined,
    peers: noPeers,
    ...parts,
  });
  return { policy, warnings };
}

describe("the policy of a bank", () => {
  it("asks the model of PII scans behind its circuit: an open one counts as a failed scan", async () => {
    const llm = down();
    const guard = new ProviderGuard({ clock: systemClock, failureThreshold: 2 });
    const { policy, warnings } = policyWith({ llm, guard }, { mode: "llm" });
    for (let at = 0; at < 4; at += 1) {
      expect((await policy.pii.inspect({ content: "mail a@b.io" })).content).toBe(
        "mail [EMAIL_REDACTED]",
      );
    }
    expect(llm.calls).toHaveLength(2);
    expect(warnings).toHaveLength(4);
    const strict = policyWith({ llm, guard }, { mode: "llm", pii_llm_failure: "reject" });
    await expect(strict.policy.pii.inspect({ content: "a" })).rejects.toThrow(
      ProviderUnavailableError,
    );
    expect(llm.calls).toHaveLength(2);
  });

  it("reads keys of metadata strictly, and quotes none in a warning", () => {
    const metadata = { apiKey: 1, "Ann's password": 2, tokens: 3 };
    const result = sanitizeMetadata(metadata, policyWith({}).policy.metadata);
    expect(result.metadata).toEqual({ tokens: 3 });
    expect(result.warnings).toEqual([
      "Blocked metadata key of 6 characters: names 'api_key'",
      "Blocked metadata key of 14 characters: names 'password'",
    ]);
  });

  it("refuses an override for a type that it cannot find", () => {
    expect(() => policyWith({}, { type_overrides: { credit_crd: { action: "reject" } } })).toThrow(
      /"credit_crd" is unknown.*credit_card/u,
    );
    expect(() =>
      policyWith({}, { type_overrides: { uk_nino: { action: "warn" } }, countries: ["GB"] }),
    ).not.toThrow();
    expect(() => policyWith({}, { type_overrides: { uk_nino: { action: "warn" } } })).toThrow(
      /uk_nino/u,
    );
  });
});
