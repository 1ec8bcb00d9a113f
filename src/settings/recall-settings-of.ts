import { readFileSync } from "node:fs";
import type { AstrocyteConfig } from "../config/schema.js";
import { ConfigError } from "../errors.js";
import type { AuthorityOptions } from "../pipeline/recall/authority/authority-options.js";
import type { RecallCacheOptions } from "../pipeline/recall/cache/recall-cache.js";
import type { RecallSettings } from "../pipeline/recall/recall-settings.js";

/** Rules that are written down in the document go before those of a file. */
function rulesOf({ recall_authority: authority }: AstrocyteConfig): string | undefined {
  const { rules_inline: inline = "", rules_path: path = "" } = authority;
  if (inline.trim() !== "" || path === "") return inline;
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`recall_authority.rules_path: the file cannot be read: ${cause}`, {
      cause: error,
    });
  }
}

function authorityOf(config: AstrocyteConfig): AuthorityOptions | undefined {
  const { enabled, tiers, tier_by_bank: tierByBank } = config.recall_authority;
  return enabled ? { rules: rulesOf(config), tiers, tierByBank } : undefined;
}

function cacheOf({
  recall_cache: cache,
}: AstrocyteConfig): Omit<RecallCacheOptions, "clock"> | undefined {
  if (!cache.enabled) return undefined;
  return {
    similarityThreshold: cache.similarity_threshold,
    maxEntries: cache.max_entries,
    timeToLiveMs: cache.ttl_seconds * 1_000,
  };
}

/**
 * The settings of recall, out of the configuration document.
 *
 * @throws ConfigError when the file with the rules of authority cannot be read.
 */
export function recallSettingsOf(config: AstrocyteConfig): RecallSettings {
  const { query_analyzer: analyzer, spreading_activation: activation } = config;
  return {
    queryAnalysis: analyzer.enabled
      ? {
          modelFallback: analyzer.allow_llm_fallback,
          expansion: analyzer.enable_temporal_expansion,
        }
      : undefined,
    linkExpansion: activation.enabled ? { limit: activation.expansion_limit } : undefined,
    authority: authorityOf(config),
    cache: cacheOf(config),
  };
}
