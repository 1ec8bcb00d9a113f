import {
  DimensionMismatchError,
  ProviderUnavailableError,
  type EmbeddingProvider,
  type EmbedOptions,
} from "astrocyte";
import type { LangChainEmbeddingsLike } from "./langchain-like.js";
import { toProviderError } from "./provider-error.js";
import { raceWithSignal } from "../internal/race-with-signal.js";

export interface FromLangChainEmbeddingsOptions {
  /** Of the provider, in traces and errors. @defaultValue `langchain` */
  readonly name?: string | undefined;
}

/**
 * LangChain embeddings as an embedding provider. Documents go to `embedDocuments` in one call, queries one by one to
 * `embedQuery`. Typed arrays become arrays of numbers. The model is the instance's; the `model` option is ignored.
 *
 * LangChain passes no signal on: an abort rejects at once, and the request runs out unheard.
 *
 * @throws `embed`: ProviderUnavailableError for an outage, and for vectors that are too few, empty or not finite;
 *   DimensionMismatchError when the dimension differs from that of the first vector; AuthorizationError for refused
 *   credentials.
 */
export function fromLangChainEmbeddings(
  embeddings: LangChainEmbeddingsLike,
  { name = "langchain" }: FromLangChainEmbeddingsOptions = {},
): EmbeddingProvider {
  let dimension: number | undefined;

  async function request(
    texts: readonly string[],
    inputType: "document" | "query",
  ): Promise<readonly ArrayLike<number>[]> {
    return inputType === "query"
      ? Promise.all(texts.map((text) => embeddings.embedQuery(text)))
      : embeddings.embedDocuments([...texts]);
  }

  function check(rows: readonly ArrayLike<number>[], count: number): number[][] {
    if (rows.length !== count) {
      throw new ProviderUnavailableError(
        name,
        `it did not give ${count} vectors for ${count} texts`,
      );
    }
    const vectors = rows.map((row) => Array.from(row));
    for (const vector of vectors) {
      if (vector.length === 0) throw new ProviderUnavailableError(name, "it gave an empty vector");
      if (!vector.every(Number.isFinite)) {
        throw new ProviderUnavailableError(name, "it gave a vector with a value that is no number");
      }
      dimension ??= vector.length;
      if (vector.length !== dimension) {
        throw new DimensionMismatchError(name, dimension, vector.length);
      }
    }
    return vectors;
  }

  return {
    spiVersion: 1,
    name,
    async embed(texts, { inputType = "document", signal }: EmbedOptions = {}) {
      signal?.throwIfAborted();
      if (texts.length === 0) return [];
      try {
        return check(await raceWithSignal(request(texts, inputType), signal), texts.length);
      } catch (error) {
        signal?.throwIfAborted();
        throw toProviderError(name, error);
      }
    },
  };
}
