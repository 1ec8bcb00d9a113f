import * as z from "zod";
import { accessControlSchema, accessGrantsSchema } from "./sections/access.js";
import { adversarialDefenseSchema } from "./sections/adversarial-defense.js";
import { agenticReflectSchema } from "./sections/agentic-reflect.js";
import { agentsSchema } from "./sections/agents.js";
import { asyncTasksSchema } from "./sections/async-tasks.js";
import { banksSchema } from "./sections/banks.js";
import { barriersSchema } from "./sections/barriers.js";
import { benchmarkPresetSchema } from "./sections/benchmark-preset.js";
import { causalLinksSchema } from "./sections/causal-links.js";
import { crossEncoderRerankSchema } from "./sections/cross-encoder-rerank.js";
import { curatedRecallSchema } from "./sections/curated-recall.js";
import { curatedRetainSchema } from "./sections/curated-retain.js";
import { defaultsSchema } from "./sections/defaults.js";
import { deploymentSchema } from "./sections/deployment.js";
import { dlpSchema } from "./sections/dlp.js";
import { entityCooccurrenceSchema } from "./sections/entity-cooccurrence.js";
import { entityResolutionSchema } from "./sections/entity-resolution.js";
import { escalationSchema } from "./sections/escalation.js";
import { extractionProfilesSchema } from "./sections/extraction-profiles.js";
import { homeostasisSchema } from "./sections/homeostasis.js";
import { identitySchema } from "./sections/identity.js";
import { flagSection } from "./sections/kinds.js";
import { lifecycleSchema } from "./sections/lifecycle.js";
import { mcpSchema } from "./sections/mcp.js";
import { observabilitySchema } from "./sections/observability.js";
import { providerKeys } from "./sections/providers.js";
import { queryAnalyzerSchema } from "./sections/query-analyzer.js";
import { recallAuthoritySchema } from "./sections/recall-authority.js";
import { recallCacheSchema } from "./sections/recall-cache.js";
import { semanticLinkGraphSchema } from "./sections/semantic-link-graph.js";
import { signalQualitySchema } from "./sections/signal-quality.js";
import { sourceAwareRetrievalSchema } from "./sections/source-aware-retrieval.js";
import { sourcesSchema } from "./sections/sources.js";
import { spreadingActivationSchema } from "./sections/spreading-activation.js";
import { structuredFactExtractionSchema } from "./sections/structured-fact-extraction.js";
import { tieredRetrievalSchema } from "./sections/tiered-retrieval.js";
import { wikiCompileSchema } from "./sections/wiki-compile.js";

const preferenceCompile = z.object({
  enabled: z.boolean().default(true).describe("Whether preferences are compiled."),
});

/**
 * The configuration document: every key of the contract, with its default. Keys keep the document's snake_case. What this
 * version does not act on is listed in `not-implemented.ts`.
 */
export const configSchema = z.object({
  ...providerKeys,
  homeostasis: homeostasisSchema.prefault({}).describe("Budgets, rates and quotas."),
  barriers: barriersSchema.prefault({}).describe("What every content passes before it is stored."),
  signal_quality: signalQualitySchema.prefault({}).describe("Duplicates and noise."),
  escalation: escalationSchema.prefault({}).describe("What happens when a provider is down."),
  recall_cache: recallCacheSchema.prefault({}).describe("A cache of recalls."),
  tiered_retrieval: tieredRetrievalSchema.prefault({}).describe("Cheap ways to recall first."),
  bm25_idf: flagSection("Whether rare words weigh more.").prefault({}).describe("Keyword search."),
  source_aware_retrieval: sourceAwareRetrievalSchema
    .prefault({})
    .describe("Chunks beside those that were found."),
  cross_encoder_rerank: crossEncoderRerankSchema.prefault({}).describe("Reranking by a model."),
  spreading_activation: spreadingActivationSchema.prefault({}).describe("Recall along links."),
  causal_links: causalLinksSchema.prefault({}).describe("Links from cause to effect."),
  entity_cooccurrence: entityCooccurrenceSchema.prefault({}).describe("Links between entities."),
  semantic_link_graph: semanticLinkGraphSchema.prefault({}).describe("Links by similarity."),
  structured_fact_extraction: structuredFactExtractionSchema
    .prefault({})
    .describe("Facts that the model extracts."),
  query_analyzer: queryAnalyzerSchema.prefault({}).describe("Dates in queries."),
  agentic_reflect: agenticReflectSchema.prefault({}).describe("Reflect in several rounds."),
  adversarial_defense: adversarialDefenseSchema.prefault({}).describe("Questions that mislead."),
  recall_authority: recallAuthoritySchema.prefault({}).describe("Sources that count more."),
  curated_retain: curatedRetainSchema.prefault({}).describe("What is worth keeping."),
  curated_recall: curatedRecallSchema.prefault({}).describe("Hits scored again."),
  entity_resolution: entityResolutionSchema.prefault({}).describe("One entity of many names."),
  wiki_compile: wikiCompileSchema.prefault({}).describe("Pages made of memories."),
  async_tasks: asyncTasksSchema.prefault({}).describe("A queue for slow work."),
  preference_compile: preferenceCompile.prefault({}).describe("Preferences made of memories."),
  episodic_extract: flagSection("Whether episodes are extracted.")
    .prefault({})
    .describe("Episodes made of memories."),
  directive_compile: flagSection("Whether directives are compiled.")
    .prefault({})
    .describe("Directives made of memories."),
  benchmark_preset: benchmarkPresetSchema.prefault({}).describe("Budgets for benchmarks."),
  access_control: accessControlSchema.prefault({}).describe("Who may do what."),
  access_grants: accessGrantsSchema.default([]).describe("Grants on any bank."),
  identity: identitySchema.prefault({}).describe("Who callers are, and which banks are theirs."),
  dlp: dlpSchema.prefault({}).describe("What leaves."),
  lifecycle: lifecycleSchema.prefault({}).describe("Memories that grow old."),
  observability: observabilitySchema.prefault({}).describe("Spans, metrics and logs."),
  defaults: defaultsSchema.prefault({}).describe("What callers need not say."),
  mcp: mcpSchema.prefault({}).describe("The MCP server."),
  banks: banksSchema.optional().describe("Banks with settings and grants of their own."),
  agents: agentsSchema.optional().describe("Agents, and the banks they may use."),
  sources: sourcesSchema.optional().describe("Where contents come from."),
  extraction_profiles: extractionProfilesSchema
    .optional()
    .describe("How contents of sources are prepared."),
  deployment: deploymentSchema.optional().describe("How the gateway is served."),
});
export type AstrocyteConfig = z.infer<typeof configSchema>;

/** The document as it is written; whatever is left out has its default. */
export type AstrocyteConfigInput = z.input<typeof configSchema>;
