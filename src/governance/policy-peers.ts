import type * as z from "zod";
import type { AstrocyteConfig } from "../config/schema.js";
import type { piiSchema } from "../config/sections/barriers.js";
import { ConfigError } from "../errors.js";
import { openTelemetry } from "../open-telemetry.js";
import {
  compileCustomPattern,
  loadPatternEngine,
  type CustomPattern,
} from "../policy/pii/custom-pattern.js";
import { loadPhoneLibrary } from "../policy/pii/load-phone-library.js";
import type { PhoneLibrary } from "../policy/pii/phone-library.js";
import { loadTiktokenCounter } from "../policy/tiktoken-counter.js";
import type { TokenCounter } from "../policy/tokens.js";
import type { Telemetry } from "../telemetry.js";

type PatternSettings = z.infer<typeof piiSchema>["patterns"];

/** What a configuration needs beyond this package's own code; loaded only when asked for. */
export interface PolicyPeers {
  readonly phoneLibrary?: PhoneLibrary | undefined;
  readonly countTokens?: TokenCounter | undefined;
  readonly telemetry?: Telemetry | undefined;
  compilePatterns(patterns: PatternSettings): CustomPattern[];
}

/** For a brain that is put together by hand, where nothing can be loaded. */
export const noPeers: PolicyPeers = {
  compilePatterns(patterns) {
    if (patterns.length === 0) return [];
    throw new ConfigError(
      "barriers.pii.patterns needs a pattern engine to be loaded; build the brain with Astrocyte.fromConfig",
    );
  },
};

/**
 * @param banks - The configurations of banks that have settings of their own.
 * @throws MissingPeerError that names the package to install.
 */
export async function loadPolicyPeers(
  config: AstrocyteConfig,
  banks: readonly AstrocyteConfig[] = [],
): Promise<PolicyPeers> {
  const { homeostasis, observability } = config;
  const pii = [config, ...banks].map(({ barriers }) => barriers.pii);
  const engine = pii.some(({ patterns }) => patterns.length > 0)
    ? await loadPatternEngine()
    : undefined;
  const { otel_enabled: otel, prometheus_enabled: prometheus } = observability;
  return {
    phoneLibrary: pii.some(({ phone_regions: regions }) => regions.length > 0)
      ? await loadPhoneLibrary()
      : undefined,
    countTokens:
      homeostasis.tokenizer === "heuristic"
        ? undefined
        : await loadTiktokenCounter(homeostasis.tokenizer),
    telemetry:
      otel || prometheus
        ? await openTelemetry({ spans: otel, metrics: otel || prometheus })
        : undefined,
    compilePatterns: (settings) =>
      engine === undefined
        ? noPeers.compilePatterns(settings)
        : settings.map(({ name, type, pattern, replacement }) =>
            compileCustomPattern({ name: name ?? type ?? "", pattern, replacement }, engine),
          ),
  };
}
