const named = [
  "text",
  "flag",
  "list",
  "count",
  "some",
  "share",
  "amount",
  "above",
  "trait",
] as const;

/**
 * What the specification says a value is: `count` and `some` are whole numbers from 0 and from 1, `share` is in `[0, 1]`, `amount`
 * and `above` are numbers from 0 and above 0, `trait` is from 1 to 5. A list of words means one of them.
 */
export type ContractKind = (typeof named)[number] | readonly string[];

/** A section's keys by kind, written down from the contract's part on configuration. */
const sections: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "": {
    text:
      "profile compliance_profile provider vector_store graph_store document_store wiki_store mental_model_store " +
      "source_store pageindex_store llm_provider embedding_provider",
    "storage|engine": "provider_tier",
    "error|degrade|local_llm": "fallback_strategy",
  },
  homeostasis: { count: "recall_max_tokens reflect_max_tokens retain_max_content_bytes" },
  "homeostasis.rate_limits": {
    count: "retain_per_minute recall_per_minute reflect_per_minute global_per_minute",
  },
  "homeostasis.quotas": { count: "retain_per_day reflect_per_day" },
  "barriers.pii": {
    "regex|ner|llm|rules_then_llm|disabled": "mode",
    "redact|reject|warn": "action",
    list: "countries patterns",
  },
  "barriers.validation": {
    count: "max_content_length",
    flag: "reject_empty_content reject_binary_content",
    list: "allowed_content_types",
  },
  "barriers.metadata": { list: "blocked_keys", count: "max_metadata_size_bytes" },
  "signal_quality.dedup": {
    flag: "enabled",
    share: "similarity_threshold",
    "skip|warn|update": "action",
  },
  "signal_quality.noisy_bank": {
    flag: "enabled",
    above: "retain_spike_multiplier",
    amount: "min_avg_content_length",
    share: "max_dedup_rate",
    "warn|throttle|reject": "action",
  },
  "escalation.circuit_breaker": {
    some: "failure_threshold half_open_max_calls",
    above: "recovery_timeout_seconds",
  },
  escalation: { "empty_recall|error|cache": "degraded_mode" },
  recall_cache: {
    flag: "enabled",
    share: "similarity_threshold",
    above: "ttl_seconds",
    some: "max_entries",
  },
  tiered_retrieval: {
    flag: "enabled",
    count: "min_results",
    some: "max_tier",
    share: "min_score",
    "pipeline|hybrid": "full_recall",
  },
  bm25_idf: { flag: "enabled" },
  source_aware_retrieval: {
    flag: "retain_provenance chunk_expansion",
    amount: "expansion_score_multiplier",
    count: "expansion_max_per_hit",
  },
  cross_encoder_rerank: { flag: "enabled force_cpu", text: "model_name", some: "top_k" },
  spreading_activation: {
    flag: "enabled",
    some: "max_hops",
    count: "expansion_limit",
    share: "decay_per_hop activation_threshold",
    amount: "temporal_proximity_weight",
    above: "temporal_half_life_days",
    list: "link_types",
  },
  causal_links: { flag: "enabled", count: "max_pairs_per_memory", share: "min_confidence" },
  entity_cooccurrence: { flag: "enabled", count: "max_entities_per_memory" },
  semantic_link_graph: { flag: "enabled", count: "top_k", share: "similarity_threshold" },
  structured_fact_extraction: {
    flag: "enabled parallel_chunks",
    some: "max_facts_per_call chunk_max_size parallel_chunks_max_concurrency",
    text: "chunk_strategy",
  },
  query_analyzer: { flag: "enabled allow_llm_fallback enable_temporal_expansion" },
  agentic_reflect: {
    flag: "enabled",
    some: "max_iterations recall_step_max_results max_evidence_pool_size",
  },
  adversarial_defense: {
    flag: "abstention_enabled premise_verification_enabled adversarial_prompt_enabled",
    share: "abstention_floor premise_verification_min_confidence",
  },
  recall_authority: { flag: "enabled apply_to_reflect", text: "rules_inline rules_path" },
  curated_retain: { flag: "enabled", text: "model", count: "context_recall_limit" },
  curated_recall: {
    flag: "enabled",
    amount: "freshness_weight reliability_weight salience_weight original_score_weight",
    above: "freshness_half_life_days",
  },
  entity_resolution: {
    flag: "enabled defer_to_async enable_llm_disambiguation canonical_resolution",
    share: "similarity_threshold confirmation_threshold",
    some: "max_candidates_per_entity",
  },
  wiki_compile: {
    flag: "enabled auto_start",
    some: "size_threshold staleness_min_memories max_queue_size",
    above: "staleness_days",
  },
  async_tasks: {
    flag: "enabled install_on_start auto_start_worker",
    text: "backend dsn",
    some: "batch_size",
  },
  preference_compile: { flag: "enabled" },
  episodic_extract: { flag: "enabled" },
  directive_compile: { flag: "enabled" },
  benchmark_preset: { text: "name", "low|mid|high": "budget" },
  access_control: { flag: "enabled", "owner_only|open|deny": "default_policy" },
  identity: {
    flag: "auto_resolve_banks obo_enabled",
    text: "user_bank_prefix agent_bank_prefix service_bank_prefix",
  },
  "identity.jwt_middleware": {
    flag: "enabled fail_closed allow_anonymous",
    text: "jwks_uri token_audience token_issuer",
    list: "algorithms",
    above: "jwks_refresh_interval_hours",
  },
  dlp: {
    flag: "scan_recall_output scan_reflect_output",
    "warn|redact|reject": "output_pii_action",
  },
  lifecycle: { flag: "enabled" },
  "lifecycle.ttl": { count: "archive_after_days delete_after_days", list: "exempt_tags" },
  observability: {
    flag: "otel_enabled prometheus_enabled",
    "debug|info|warning|warn|error": "log_level",
  },
  defaults: { trait: "skepticism literalism empathy", list: "preferred_fact_types tags" },
  mcp: {
    text: "default_bank_id principal",
    flag: "expose_reflect expose_forget expose_admin",
    some: "max_results_limit",
  },
  deployment: {
    "library|standalone|plugin": "mode",
    count: "port",
    some: "workers",
    list: "cors_origins",
  },
};

function kindOf(word: string): ContractKind {
  return named.find((name) => name === word) ?? word.split("|");
}

/** Kinds by dotted path. */
export const contractKinds: ReadonlyMap<string, ContractKind> = new Map(
  Object.entries(sections).flatMap(([section, byKind]) =>
    Object.entries(byKind).flatMap(([word, keys]) =>
      keys
        .split(" ")
        .map((key) => [section === "" ? key : `${section}.${key}`, kindOf(word)] as const),
    ),
  ),
);

/** Sections, which must be maps; a null one means that nothing was said. */
export const contractSections: ReadonlySet<string> = new Set(
  [
    ...Object.keys(sections).flatMap((section) => {
      const keys = section.split(".");
      return keys.map((_, index) => keys.slice(0, index + 1).join("."));
    }),
    "banks",
    "agents",
    "sources",
    "extraction_profiles",
    "deployment.tls",
    "benchmark_preset.low",
    "benchmark_preset.mid",
    "benchmark_preset.high",
    "barriers.pii.type_overrides",
    "recall_authority.tier_by_bank",
  ].filter((section) => section !== ""),
);
