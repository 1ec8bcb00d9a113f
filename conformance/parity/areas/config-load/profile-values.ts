type Values = Readonly<Record<string, unknown>>;

/** The columns of the contract's table, in its order of rows; lists of the same order as the names. */
function behaviour(
  [recallTokens, reflectTokens, bytes]: readonly number[],
  [retain, recall, reflect]: readonly number[],
  pii: Values,
  maxContentLength: number,
  similarity: number,
  noisyAction: string,
  degradedMode: string,
  defaults: Values,
): Values {
  return {
    homeostasis: {
      recall_max_tokens: recallTokens,
      reflect_max_tokens: reflectTokens,
      retain_max_content_bytes: bytes,
      rate_limits: {
        retain_per_minute: retain,
        recall_per_minute: recall,
        reflect_per_minute: reflect,
      },
    },
    barriers: { pii, validation: { max_content_length: maxContentLength } },
    signal_quality: {
      dedup: { enabled: true, similarity_threshold: similarity },
      noisy_bank: { enabled: true, action: noisyAction },
    },
    escalation: { degraded_mode: degradedMode },
    defaults,
  };
}

const traits = (
  [skepticism, literalism, empathy]: readonly number[],
  factTypes: readonly string[],
  tags: readonly string[],
): Values => ({ skepticism, literalism, empathy, preferred_fact_types: factTypes, tags });

/** What the behaviour profiles say, section 2 of the contract's part on configuration. */
export const profileValues: Readonly<Record<string, Values>> = {
  minimal: {
    barriers: { pii: { mode: "disabled" } },
    signal_quality: { dedup: { enabled: false }, noisy_bank: { enabled: false } },
    escalation: { degraded_mode: "error" },
  },
  support: behaviour(
    [4096, 4096, 51_200],
    [30, 60, 10],
    { mode: "regex", action: "redact" },
    10_000,
    0.92,
    "throttle",
    "empty_recall",
    traits([2, 2, 5], ["experience", "world"], ["support", "customer"]),
  ),
  coding: behaviour(
    [8192, 8192, 204_800],
    [120, 240, 30],
    { mode: "regex", action: "warn" },
    100_000,
    0.98,
    "warn",
    "error",
    traits([3, 5, 1], ["world", "experience"], ["code", "technical"]),
  ),
  personal: behaviour(
    [4096, 8192, 51_200],
    [60, 120, 30],
    { mode: "regex", action: "redact" },
    20_000,
    0.93,
    "warn",
    "empty_recall",
    traits([3, 3, 4], ["experience", "world", "observation"], ["personal"]),
  ),
  research: behaviour(
    [16_384, 16_384, 524_288],
    [200, 300, 50],
    { mode: "disabled" },
    500_000,
    0.97,
    "warn",
    "error",
    traits([5, 4, 1], ["world", "observation"], ["research", "analysis"]),
  ),
};

const compliance = (
  action: string,
  deleteAfterDays: number,
  policy: string,
  scansRecall: boolean,
): Values => ({
  barriers: { pii: { mode: "rules_then_llm", action } },
  lifecycle: {
    enabled: true,
    ttl: { archive_after_days: 365, delete_after_days: deleteAfterDays },
  },
  access_control: { enabled: true, default_policy: policy },
  dlp: { scan_recall_output: scansRecall, scan_reflect_output: true, output_pii_action: action },
});

/** What the compliance profiles say. */
export const complianceValues: Readonly<Record<string, Values>> = {
  gdpr: compliance("redact", 730, "deny", false),
  hipaa: compliance("reject", 2555, "deny", true),
  pdpa: compliance("redact", 1825, "owner_only", false),
};
