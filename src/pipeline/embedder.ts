import { AstrocyteError, ProviderUnavailableError } from "../errors.js";
import type { Logger } from "../logger.js";
import type { EmbeddingProvider, EmbedOptions } from "../spi/llm-provider.js";

/** Embeds when there is a provider for it; without one the pipeline works by text alone. */
export interface Embedder {
  /** The provider's, for errors. */
  readonly name: string;
  /** What embeds; absent when nothing does. */
  readonly provider?: EmbeddingProvider | undefined;
  /** One vector a text, or undefined when there are no embeddings. */
  embed(texts: readonly string[], options: EmbedOptions): Promise<number[][] | undefined>;
}

/**
 * Wraps a provider that may turn out to be a chat model only: its marker error is remembered as "no embeddings" and reported
 * once.
 *
 * @throws ProviderUnavailableError from `embed` when the provider returns the wrong number of vectors.
 */
export function createEmbedder(provider: EmbeddingProvider | undefined, logger: Logger): Embedder {
  let available = provider !== undefined;
  return {
    name: provider?.name ?? "none",
    provider,
    async embed(texts, options) {
      options.signal?.throwIfAborted();
      if (!available || provider === undefined) return undefined;
      try {
        const vectors = await provider.embed(texts, options);
        options.signal?.throwIfAborted();
        if (vectors.length !== texts.length) {
          throw new ProviderUnavailableError(
            provider.name,
            `it returned ${vectors.length} vectors for ${texts.length} texts`,
          );
        }
        return vectors;
      } catch (error) {
        // What a provider makes of an abort is its own affair; the caller gets the signal's reason.
        options.signal?.throwIfAborted();
        if (
          AstrocyteError.isInstance(error) &&
          error.code === "ASTROCYTE_EMBEDDINGS_NOT_SUPPORTED"
        ) {
          available = false;
          logger.warn("astrocyte.embeddings.not_supported", { provider: provider.name });
          return undefined;
        }
        throw error;
      }
    },
  };
}
