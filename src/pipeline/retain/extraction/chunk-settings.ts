import { InvalidArgumentError } from "../../../errors.js";
import { strategyFor, type ChunkStrategy } from "../chunking/chunk-text.js";
import { plainSetting, type ExtractionProfile } from "./extraction-profile.js";

export interface ChunkSettings {
  readonly strategy: ChunkStrategy;
  /** Most code points in a chunk, 1 at least. */
  readonly maxSize: number;
  readonly overlap?: number | undefined;
}

/** What a routing rule says about chunks. */
export interface ChunkOverrides {
  readonly strategy?: string | undefined;
  readonly maxSize?: number | undefined;
  readonly overlap?: number | undefined;
}

export interface ChunkSettingsInput {
  readonly contentType: string | undefined;
  readonly profile?: ExtractionProfile | undefined;
  readonly rule?: ChunkOverrides | undefined;
  /** The pipeline's own, where nothing else decides. */
  readonly defaults: { readonly strategy: string; readonly maxSize: number };
}

const strategyNames: ReadonlyMap<string, ChunkStrategy> = new Map([
  ["dialogue", "dialogue"],
  ["fixed", "fixed"],
  ["paragraph", "paragraph"],
  ["semantic", "sentence"],
  ["sentence", "sentence"],
]);

/**
 * How content is cut. Each setting is decided by itself: the routing rule before the profile, the profile before the content
 * type, the content type before the pipeline's default.
 *
 * @throws InvalidArgumentError for an unknown strategy.
 */
export function chunkSettings(input: ChunkSettingsInput): ChunkSettings {
  const { contentType, profile, rule, defaults } = input;
  const chosen =
    plainSetting(rule?.strategy) ??
    plainSetting(profile?.chunkingStrategy) ??
    strategyFor(plainSetting(contentType) ?? "text") ??
    plainSetting(defaults.strategy) ??
    "sentence";
  const strategy = strategyNames.get(chosen);
  if (strategy === undefined) {
    throw new InvalidArgumentError(
      `chunk strategy "${chosen}" is unknown; use ${[...strategyNames.keys()].join(", ")}`,
    );
  }
  const maxSize = Math.max(1, rule?.maxSize ?? profile?.chunkSize ?? defaults.maxSize);
  return { strategy, maxSize, ...(rule?.overlap === undefined ? {} : { overlap: rule.overlap }) };
}
