import type { AuthorityOptions } from "../recall/authority/authority-options.js";
import type { ResolutionOptions } from "./entities/resolution-options.js";
import type { CausalPairLimits } from "./extraction/causal-pairs.js";
import type { ExtractionProfile } from "./extraction/extraction-profile.js";

export interface FactSettings {
  /** Chunks of one call. */
  readonly maxFactsPerCall: number;
  /** How the content is cut for it. */
  readonly chunkStrategy: string;
  /** Most code points of such a chunk. @defaultValue the pipeline's */
  readonly chunkMaxSize?: number | undefined;
}

export interface EntityResolutionSettings {
  /** Whether a stored entity takes the place of a new name, instead of a link between both. */
  readonly isCanonical: boolean;
  readonly options: Partial<ResolutionOptions>;
}

/** What the configuration says of the stages of retain; a stage that is absent is off. */
export interface RetainSettings {
  /** By name, the built-in ones among them. */
  readonly profiles: ReadonlyMap<string, ExtractionProfile>;
  /** Whose memories count how much. */
  readonly authority?: Pick<AuthorityOptions, "tierByBank"> | undefined;
  readonly facts?: FactSettings | undefined;
  readonly entityResolution?: EntityResolutionSettings | undefined;
  /** Links between the entities of one content. */
  readonly coOccurrence?: { readonly maxEntities: number } | undefined;
  readonly causalLinks?: Required<CausalPairLimits> | undefined;
  readonly semanticLinks?: { readonly topK: number; readonly threshold: number } | undefined;
}
