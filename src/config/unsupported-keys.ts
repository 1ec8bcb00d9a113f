import * as z from "zod";
import { isRecord } from "../dto/is-record.js";
import { sequenceRatio } from "../internal/sequence-ratio.js";
import type { ConfigDocument } from "./document.js";
import { unwrapSchema } from "./fit-document.js";
import { configSchema } from "./schema.js";

/** A flag may come from the environment as text. */
function isOn(value: unknown): boolean {
  return value === true || (typeof value === "string" && /^(?:true|yes|on|1)$/i.test(value.trim()));
}

function isSaid(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  return isRecord(value) ? Object.values(value).some(isSaid) : true;
}

/** Settings that promise protection. Reading past one would be worse than refusing the file. */
const protections: readonly (readonly [path: string, isAskedFor: (value: unknown) => boolean])[] = [
  ["compliance_profile", isSaid],
  ["agents", isSaid],
  ["banks", isSaid],
  ["identity.jwt_middleware.enabled", isOn],
  ["lifecycle.enabled", isOn],
  ["mip_config_path", isSaid],
  ["mip", isSaid],
];

function valueAt(document: unknown, path: string): unknown {
  let value = document;
  for (const key of path.split(".")) {
    if (!isRecord(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** Protections that the document asks for and this version does not give. */
export function unsupportedProtections(document: ConfigDocument): string[] {
  return protections
    .filter(([path, isAskedFor]) => isAskedFor(valueAt(document, path)))
    .map(([path]) => path);
}

function shapeOf(wrapped: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  const schema = unwrapSchema(wrapped);
  return schema instanceof z.ZodObject ? schema.shape : undefined;
}

/** The sections that the contract has beside those this version acts on. */
const contractKeys = `
  compliance_profile wiki_store wiki_store_config mental_model_store source_store
  mental_model_store_config source_store_config pageindex_store pageindex_store_config mip
  mip_config_path recall_cache tiered_retrieval bm25_idf
  source_aware_retrieval cross_encoder_rerank spreading_activation causal_links
  entity_cooccurrence semantic_link_graph structured_fact_extraction query_analyzer
  agentic_reflect adversarial_defense recall_authority curated_retain curated_recall
  entity_resolution wiki_compile async_tasks preference_compile episodic_extract
  directive_compile benchmark_preset identity lifecycle defaults mcp banks agents sources extraction_profiles deployment hooks
  bank_templates multi_bank governance memory_export_sinks outbound_transport
`
  .trim()
  .split(/\s+/);

/** The known setting that a misspelt one probably means. */
function nearestKey(key: string): string | undefined {
  const [best] = [...Object.keys(configSchema.shape), ...contractKeys]
    .map((name) => ({ name, ratio: sequenceRatio(key, name) }))
    .toSorted((a, b) => b.ratio - a.ratio);
  return best !== undefined && best.ratio >= 0.8 ? best.name : undefined;
}

/** What to say of a setting that nothing reads: that it waits for a later version, or that nobody knows it. */
export function describeUnreadKey(path: string): string {
  const [section = ""] = path.split(".");
  if (contractKeys.includes(section)) return `${path} (not implemented yet)`;
  const nearest = path === section ? nearestKey(path) : undefined;
  return nearest === undefined
    ? `${path} (unknown)`
    : `${path} (unknown; did you mean ${nearest}?)`;
}

/** Settings that nothing reads, by dotted path. */
export function unreadKeys(
  document: ConfigDocument,
  schema: z.ZodType = configSchema,
  path = "",
): string[] {
  const shape = shapeOf(schema);
  if (shape === undefined) return [];
  return Object.entries(document).flatMap(([key, value]) => {
    const here = path === "" ? key : `${path}.${key}`;
    const itemSchema = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (itemSchema === undefined) return [here];
    return isRecord(value) ? unreadKeys(value, itemSchema, here) : [];
  });
}
