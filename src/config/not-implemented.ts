import { isDeepStrictEqual } from "node:util";
import { isPlainMap } from "./document.js";
import { configSchema, type AstrocyteConfig } from "./schema.js";

/** Settings that are read and checked, and on which this version does not act: sections, or single keys. */
const notImplemented = `
  wiki_store wiki_store_config mental_model_store mental_model_store_config source_store source_store_config pageindex_store
  pageindex_store_config recall_cache tiered_retrieval bm25_idf source_aware_retrieval cross_encoder_rerank
  spreading_activation causal_links entity_cooccurrence semantic_link_graph structured_fact_extraction query_analyzer
  agentic_reflect adversarial_defense recall_authority curated_retain curated_recall entity_resolution wiki_compile async_tasks
  preference_compile episodic_extract directive_compile benchmark_preset identity lifecycle observability.log_level
  defaults.skepticism defaults.literalism defaults.empathy defaults.preferred_fact_types mcp
  sources extraction_profiles deployment
`
  .trim()
  .split(/\s+/);

const agentHints = ["default_bank", "max_retain_per_minute", "max_recall_per_minute"] as const;

/** Whether this version acts on a setting, by its dotted path. */
export function isImplemented(path: string): boolean {
  return !notImplemented.some((inert) => path === inert || path.startsWith(`${inert}.`));
}

/** Dotted paths at which a value differs from its default; lists and maps of free keys count as a whole. */
function differences(value: unknown, usual: unknown, path: string): string[] {
  if (isDeepStrictEqual(value, usual)) return [];
  if (!isPlainMap(value) || !isPlainMap(usual) || Object.keys(usual).length === 0) return [path];
  return Object.keys({ ...usual, ...value }).flatMap((key) =>
    differences(value[key], usual[key], path === "" ? key : `${path}.${key}`),
  );
}

const defaults = configSchema.parse({});

/** Settings that the configuration changes and that have no effect. */
export function ineffectiveSettings(config: AstrocyteConfig): string[] {
  const hints = Object.entries(config.agents ?? {}).flatMap(([id, agent]) =>
    agentHints.filter((hint) => agent[hint] !== undefined).map((hint) => `agents.${id}.${hint}`),
  );
  return [...differences(config, defaults, "").filter((path) => !isImplemented(path)), ...hints];
}
