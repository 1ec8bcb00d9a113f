import type { EngineCapabilities, EngineProvider } from "astrocyte";
import type { ConformanceTarget } from "../target.js";

export interface EngineProviderTarget extends ConformanceTarget<EngineProvider> {
  /** Where the engine declares something else than {@link usualEngineCapabilities}. */
  readonly capabilities?: Partial<EngineCapabilities> | undefined;
  /** The optional methods that the engine does not have, besides those its capabilities deny. */
  readonly lacks?: readonly ("softDelete" | "close")[] | undefined;
}

/** The abilities that the suite asks about, and what a target is taken to have unless it says otherwise. */
export const usualEngineCapabilities = {
  supportsReflect: false,
  supportsForget: true,
  supportsTags: true,
  supportsTemporalSearch: true,
  supportsMetadata: true,
} satisfies Partial<EngineCapabilities>;

export type AskedCapability = keyof typeof usualEngineCapabilities;

export function declaredOf(target: EngineProviderTarget): Record<AskedCapability, boolean> {
  const { capabilities = {} } = target;
  return {
    supportsReflect: capabilities.supportsReflect ?? usualEngineCapabilities.supportsReflect,
    supportsForget: capabilities.supportsForget ?? usualEngineCapabilities.supportsForget,
    supportsTags: capabilities.supportsTags ?? usualEngineCapabilities.supportsTags,
    supportsTemporalSearch:
      capabilities.supportsTemporalSearch ?? usualEngineCapabilities.supportsTemporalSearch,
    supportsMetadata: capabilities.supportsMetadata ?? usualEngineCapabilities.supportsMetadata,
  };
}

export function without(capability: AskedCapability) {
  return (target: EngineProviderTarget): string | false =>
    !declaredOf(target)[capability] &&
    `${capability} is false; the facade refuses or makes up for it`;
}
