import type { AuthorityOptions } from "./authority/authority-options.js";
import type { RecallCacheOptions } from "./cache/recall-cache.js";

export interface QueryAnalysisSettings {
  /** Whether a model may be asked where the rules find no time. */
  readonly modelFallback: boolean;
  /** Whether vague expressions count, such as "recently". */
  readonly expansion: boolean;
}

/** What the configuration says of the stages of recall; a stage that is absent is off. */
export interface RecallSettings {
  readonly queryAnalysis?: QueryAnalysisSettings | undefined;
  /** `limit`: most memories that links add. */
  readonly linkExpansion?: { readonly limit: number } | undefined;
  readonly authority?: AuthorityOptions | undefined;
  readonly cache?: Omit<RecallCacheOptions, "clock"> | undefined;
}
