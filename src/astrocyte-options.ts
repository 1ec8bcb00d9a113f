import type { Clock } from "./clock.js";
import type { HostProviders } from "./config/build-providers.js";
import type { AstrocyteConfigInput } from "./config/schema.js";
import type { Environment } from "./config/substitute-environment.js";
import type { Logger } from "./logger.js";
import type { PipelineOptions } from "./pipeline/pipeline-options.js";
import type { Reranker } from "./pipeline/recall/rerank/rerank-with.js";
import type { EntityRecognizer } from "./policy/pii/pii-barrier.js";
import type { TokenCounter } from "./policy/tokens.js";
import type { DocumentStore } from "./spi/document-store.js";
import type { EngineProvider } from "./spi/engine-provider.js";
import type { GraphStore } from "./spi/graph-store.js";
import type { LegalHoldStore } from "./spi/legal-hold-store.js";
import type { EmbeddingProvider, LLMProvider } from "./spi/llm-provider.js";
import type { MentalModelStore } from "./spi/mental-model-store.js";
import type { ProviderRegistry, ProviderRegistryOptions } from "./spi/registry.js";
import type { VectorStore } from "./spi/vector-store.js";
import type { Telemetry } from "./telemetry.js";

/** What the host may inject besides providers, to make behaviour repeatable. */
interface Environs {
  /** @defaultValue the machine's clocks */
  readonly clock?: Clock | undefined;
  /** Makes memory ids. @defaultValue 16 random hex characters */
  readonly createId?: (() => string) | undefined;
  /** @defaultValue a heuristic that needs no tokenizer */
  readonly countTokens?: TokenCounter | undefined;
  /** @defaultValue process warnings */
  readonly logger?: Logger | undefined;
  /** Where spans and metrics go. @defaultValue nowhere, or OpenTelemetry when the configuration switches it on */
  readonly telemetry?: Telemetry | undefined;
  /** Finds names and places for the PII mode `ner`. */
  readonly entityRecognizer?: EntityRecognizer | undefined;
  /** Keeps legal holds. @defaultValue the vector store when it can, else memory, which a restart empties */
  readonly legalHoldStore?: LegalHoldStore | undefined;
  /** Orders the best memories of a recall, and the evidence of a reflect, anew; one that fails is passed over. */
  readonly reranker?: Reranker | undefined;
  readonly pipeline?: PipelineOptions | undefined;
}

/** The parts of a brain that is put together by hand; they stay the host's to close. */
export interface AstrocyteOptions extends Environs {
  readonly vectorStore?: VectorStore | undefined;
  readonly documentStore?: DocumentStore | undefined;
  readonly graphStore?: GraphStore | undefined;
  /** @defaultValue the vector store when it keeps mental models too, as sqlite does */
  readonly mentalModelStore?: MentalModelStore | undefined;
  readonly llm?: LLMProvider | undefined;
  /** @defaultValue the embeddings of `llm`, when it has any */
  readonly embeddings?: EmbeddingProvider | undefined;
  /** Does the whole work itself; the stores are not used then. */
  readonly engine?: EngineProvider | undefined;
  /**
   * The settings of `astrocyte.yaml` as an object: policies, limits, budgets. Profiles and names of providers are read by
   * {@link Astrocyte.fromConfig} only.
   */
  readonly config?: AstrocyteConfigInput | undefined;
}

export interface FromConfigOptions extends Environs, ProviderRegistryOptions {
  /** Objects that win over the names in the configuration. */
  readonly providers?: HostProviders | undefined;
  /** Knows the host's own provider names. @defaultValue the built-in names */
  readonly registry?: ProviderRegistry | undefined;
  /** Where `${NAME}` comes from. @defaultValue the process environment */
  readonly environment?: Environment | undefined;
}
