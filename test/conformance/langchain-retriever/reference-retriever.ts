import { CallbackManager, parseCallbackConfigArg } from "@langchain/core/callbacks/manager";
import type { DocumentInterface } from "@langchain/core/documents";
import { BaseRetriever } from "@langchain/core/retrievers";
import { ensureConfig, type RunnableConfig } from "@langchain/core/runnables";
import { cosineSimilarity } from "astrocyte";
import type { LangChainDocument } from "astrocyte/conformance";
import { hashedEmbedding } from "astrocyte/testing";

/** A retriever that does all that the suite asks for: also what `BaseRetriever.invoke` does not, to heed the signal. */
export class ReferenceRetriever extends BaseRetriever {
  override lc_namespace = ["reference"];
  documents: readonly LangChainDocument[];

  constructor(documents: readonly LangChainDocument[]) {
    super();
    this.documents = documents;
  }

  async find(query: string): Promise<DocumentInterface[]> {
    const vector = hashedEmbedding(query);
    const scoreOf = ({ pageContent }: LangChainDocument) =>
      cosineSimilarity(hashedEmbedding(pageContent), vector);
    const found = this.documents.toSorted((a, b) => scoreOf(b) - scoreOf(a)).slice(0, 2);
    return structuredClone(found);
  }

  override async invoke(query: string, options?: RunnableConfig): Promise<DocumentInterface[]> {
    const config: RunnableConfig = ensureConfig(parseCallbackConfigArg(options));
    const manager = CallbackManager.configure(
      config.callbacks,
      this.callbacks,
      config.tags,
      this.tags,
      config.metadata,
      this.metadata,
    );
    const run = await manager?.handleRetrieverStart(
      this.toJSON(),
      query,
      config.runId,
      undefined,
      undefined,
      undefined,
      config.runName,
    );
    try {
      config.signal?.throwIfAborted();
      const found = await this.find(query);
      await run?.handleRetrieverEnd(found);
      return found;
    } catch (error) {
      await run?.handleRetrieverError(error);
      throw error;
    }
  }
}
