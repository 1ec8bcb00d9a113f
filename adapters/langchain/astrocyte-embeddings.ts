import { Embeddings, type EmbeddingsParams } from "@langchain/core/embeddings";
import { assertProvider, ProviderUnavailableError, type EmbeddingProvider } from "astrocyte";

export interface AstrocyteEmbeddingsFields extends EmbeddingsParams {
  /** Embeddings of ours, or an LLM provider that embeds. */
  readonly provider: EmbeddingProvider;
  /** @defaultValue the provider's own */
  readonly model?: string | undefined;
}

/**
 * An embedding provider of ours as embeddings of LangChain. Documents go out in one call, and tell themselves apart from questions
 * where the model does. Retries are the provider's.
 *
 * @throws ProviderUnavailableError when a text got no vector; else what the provider throws.
 */
export class AstrocyteEmbeddings extends Embeddings {
  readonly #provider: EmbeddingProvider;
  readonly #model: string | undefined;

  constructor({ provider, model, ...params }: AstrocyteEmbeddingsFields) {
    super(params);
    assertProvider(provider, "EmbeddingProvider", "AstrocyteEmbeddings: provider");
    this.#provider = provider;
    this.#model = model;
  }

  override async embedDocuments(documents: string[]): Promise<number[][]> {
    return this.#embed(documents, "document");
  }

  override async embedQuery(document: string): Promise<number[]> {
    const [vector = []] = await this.#embed([document], "query");
    return vector;
  }

  async #embed(texts: readonly string[], inputType: "document" | "query"): Promise<number[][]> {
    if (texts.length === 0) return [];
    const vectors = await this.#provider.embed(texts, { model: this.#model, inputType });
    if (vectors.length === texts.length) return vectors;
    throw new ProviderUnavailableError(
      this.#provider.name,
      `it did not give ${texts.length} vectors for ${texts.length} texts`,
    );
  }
}
