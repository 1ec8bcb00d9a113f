import type { AstrocyteConfig } from "../config/schema.js";
import { ConfigError } from "../errors.js";
import type { ResolutionOptions } from "../pipeline/retain/entities/resolution-options.js";
import { chunkSettings } from "../pipeline/retain/extraction/chunk-settings.js";
import {
  builtinExtractionProfiles,
  type ExtractionProfile,
} from "../pipeline/retain/extraction/extraction-profile.js";
import type { RetainSettings } from "../pipeline/retain/retain-settings.js";

type ProfileConfig = NonNullable<AstrocyteConfig["extraction_profiles"]>[string];

/** @throws ConfigError that names the setting, for a strategy that does not exist. */
function assertStrategy(strategy: string | undefined, path: string): void {
  try {
    const defaults = { strategy: strategy ?? "sentence", maxSize: 1 };
    chunkSettings({ contentType: undefined, defaults });
  } catch (error) {
    throw new ConfigError(`${path}: ${error instanceof Error ? error.message : ""}`);
  }
}

function profileOf(name: string, config: ProfileConfig): ExtractionProfile {
  assertStrategy(config.chunking_strategy, `extraction_profiles.${name}.chunking_strategy`);
  return {
    contentType: config.content_type,
    chunkingStrategy: config.chunking_strategy,
    entityExtraction: config.entity_extraction,
    metadataMapping: config.metadata_mapping,
    tagRules: config.tag_rules,
    chunkSize: config.chunk_size,
    factType: config.fact_type,
    authorityTier: config.authority_tier,
  };
}

function profilesOf({ extraction_profiles: configured = {} }: AstrocyteConfig) {
  return new Map([
    ...Object.entries(builtinExtractionProfiles),
    ...Object.entries(configured).map(([name, config]) => [name, profileOf(name, config)] as const),
  ]);
}

function resolutionOf({ entity_resolution: config }: AstrocyteConfig): Partial<ResolutionOptions> {
  return {
    similarityThreshold: config.similarity_threshold,
    confirmationThreshold: config.confirmation_threshold,
    maxCandidates: config.max_candidates_per_entity,
    askModel: config.enable_llm_disambiguation,
  };
}

/**
 * The settings of the stages of retain, from the configuration document.
 *
 * @throws ConfigError for a chunk strategy that does not exist.
 */
export function retainSettingsOf(config: AstrocyteConfig): RetainSettings {
  const {
    recall_authority: authority,
    structured_fact_extraction: facts,
    entity_resolution: resolution,
    entity_cooccurrence: coOccurrence,
    causal_links: causal,
    semantic_link_graph: semantic,
  } = config;
  assertStrategy(facts.chunk_strategy, "structured_fact_extraction.chunk_strategy");
  return {
    profiles: profilesOf(config),
    ...(authority.enabled && { authority: { tierByBank: authority.tier_by_bank } }),
    ...(facts.enabled && {
      facts: {
        maxFactsPerCall: facts.max_facts_per_call,
        chunkStrategy: facts.chunk_strategy,
        chunkMaxSize: facts.chunk_max_size,
      },
    }),
    ...(resolution.enabled && {
      entityResolution: {
        isCanonical: resolution.canonical_resolution,
        options: resolutionOf(config),
      },
    }),
    ...(coOccurrence.enabled && {
      coOccurrence: { maxEntities: coOccurrence.max_entities_per_memory },
    }),
    ...(causal.enabled && {
      causalLinks: {
        minConfidence: causal.min_confidence,
        maxPerEffect: causal.max_pairs_per_memory,
      },
    }),
    ...(semantic.enabled && {
      semanticLinks: { topK: semantic.top_k, threshold: semantic.similarity_threshold },
    }),
  };
}
