import type { LLMProvider } from "astrocyte";
import type { ConformanceTarget } from "../target.js";

export interface LLMProviderTarget extends ConformanceTarget<LLMProvider> {
  /** Whether `embed` works; otherwise it must throw the marker error. @defaultValue true */
  readonly embeds?: boolean | undefined;
  /** Whether equal texts get equal vectors within one process. @defaultValue true */
  readonly deterministic?: boolean | undefined;
  /** Whether `complete` can answer with tool calls. @defaultValue false */
  readonly usesTools?: boolean | undefined;
}

export function withoutEmbeddings({ embeds = true }: LLMProviderTarget): string | false {
  return !embeds && "the provider has no embeddings";
}
