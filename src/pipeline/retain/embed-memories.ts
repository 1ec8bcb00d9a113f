import { ConfigError } from "../../errors.js";
import type { CallOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";

/**
 * A vector for each text, in one call; undefined when nothing embeds.
 *
 * @throws ConfigError when the store keeps no memory without a vector.
 */
export async function embedMemories(
  { embedder, vectorStore }: Pipeline,
  texts: readonly string[],
  { signal }: CallOptions,
): Promise<readonly (readonly number[])[] | undefined> {
  const vectors = await embedder.embed(texts, { inputType: "document", signal });
  if (vectors === undefined && !vectorStore.capabilities.acceptsEmptyVectors) {
    throw new ConfigError(
      `Vector store "${vectorStore.name}" keeps no memory without a vector; ` +
        "configure embedding_provider or pass providers.embeddings",
    );
  }
  return vectors;
}
