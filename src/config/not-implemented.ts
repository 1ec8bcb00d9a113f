/** Settings that are read and checked, and on which this version does not act: sections, or single keys. */
const notImplemented = `
  wiki_store wiki_store_config source_store source_store_config pageindex_store
  pageindex_store_config tiered_retrieval bm25_idf source_aware_retrieval cross_encoder_rerank
  spreading_activation.max_hops spreading_activation.decay_per_hop spreading_activation.activation_threshold
  spreading_activation.link_types spreading_activation.temporal_proximity_weight spreading_activation.temporal_half_life_days
  structured_fact_extraction.parallel_chunks structured_fact_extraction.parallel_chunks_max_concurrency
  curated_retain curated_recall entity_resolution.defer_to_async wiki_compile async_tasks
  preference_compile episodic_extract directive_compile benchmark_preset identity.user_bank_prefix
  identity.agent_bank_prefix identity.service_bank_prefix identity.resolver identity.obo_enabled identity.jwt_middleware observability.log_level
  defaults.preferred_fact_types mcp
  sources deployment agents.*.default_bank agents.*.max_retain_per_minute agents.*.max_recall_per_minute
  mip_config_path mip
`
  .trim()
  .split(/\s+/);

/** Whether this version acts on a setting, by its dotted path; in a map by id, `*` stands for the id. */
export function isImplemented(path: string): boolean {
  return !notImplemented.some((inert) => path === inert || path.startsWith(`${inert}.`));
}
