import type { RecallResult } from "../dto/recall.js";
import type { ReflectResult } from "../dto/reflect.js";
import type { RetainResult } from "../dto/retain.js";
import { ConfigError, ProviderUnavailableError } from "../errors.js";

const modes = ["empty_recall", "error", "cache"] as const;

/** What an operation gives while its provider is unavailable. `cache` is the same as `empty_recall`. */
export type DegradedMode = (typeof modes)[number];

function refuseIfError(mode: DegradedMode, provider: string, options?: ErrorOptions): void {
  if (!modes.includes(mode)) {
    throw new ConfigError(`degraded_mode: unknown mode "${mode}"; allowed: ${modes.join(", ")}`);
  }
  if (mode === "error") {
    throw new ProviderUnavailableError(provider, "degraded mode: error", options);
  }
}

/**
 * The outcome of a retain during an outage: not stored, and not queued either.
 *
 * @throws ProviderUnavailableError in mode `error`.
 */
export function degradedRetain(
  mode: DegradedMode,
  provider: string,
  options?: ErrorOptions,
): RetainResult {
  refuseIfError(mode, provider, options);
  return {
    stored: false,
    deduplicated: false,
    curated: false,
    error: "Provider unavailable (degraded mode)",
  };
}

/**
 * The outcome of a recall from one bank during an outage: nothing.
 *
 * @throws ProviderUnavailableError in mode `error`.
 */
export function degradedRecall(
  mode: DegradedMode,
  provider: string,
  options?: ErrorOptions,
): RecallResult {
  refuseIfError(mode, provider, options);
  return { hits: [], totalAvailable: 0, truncated: false, topSemanticScore: 0 };
}

/**
 * The outcome of a reflect during an outage: a fixed answer without sources.
 *
 * @throws ProviderUnavailableError in mode `error`.
 */
export function degradedReflect(
  mode: DegradedMode,
  provider: string,
  options?: ErrorOptions,
): ReflectResult {
  refuseIfError(mode, provider, options);
  return { answer: "Memory unavailable", sources: [] };
}
