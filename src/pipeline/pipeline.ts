import type { Clock } from "../clock.js";
import { ConfigError } from "../errors.js";
import type { KeyedMutex } from "../internal/keyed-mutex.js";
import type { Logger } from "../logger.js";
import type { DedupDetector } from "../policy/dedup-detector.js";
import type { TokenCounter } from "../policy/tokens.js";
import type { CallOptions } from "../spi/call-options.js";
import type { DocumentStore } from "../spi/document-store.js";
import type { GraphStore } from "../spi/graph-store.js";
import type { LLMProvider } from "../spi/llm-provider.js";
import type { MentalModelStore } from "../spi/mental-model-store.js";
import type { VectorStore } from "../spi/vector-store.js";
import type { BankIndexes } from "./bank-index/bank-indexes.js";
import type { Embedder } from "./embedder.js";
import type { PipelineOptions } from "./pipeline-options.js";
import type { RecallResult } from "../dto/recall.js";
import type { RecallCache } from "./recall/cache/recall-cache.js";
import type { RecallSettings } from "./recall/recall-settings.js";
import type { Reranker } from "./recall/rerank/rerank-with.js";
import type { ReflectSettings } from "./reflect/reflect-settings.js";
import type { RetainSettings } from "./retain/retain-settings.js";

/** What the stages work with; every stage is a function of this and a request. */
export interface Pipeline {
  readonly vectorStore: VectorStore;
  readonly documentStore: DocumentStore | undefined;
  readonly graphStore: GraphStore | undefined;
  readonly mentalModelStore: MentalModelStore | undefined;
  readonly llm: LLMProvider | undefined;
  readonly embedder: Embedder;
  readonly reranker: Reranker | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A new memory id: 16 lower-case hex characters. */
  readonly createId: () => string;
  /** Keeps retains of one content apart; its keys are first memory ids. */
  readonly retainMutex: KeyedMutex;
  readonly countTokens: TokenCounter;
  /** What ranking looks at, of the banks that were asked. */
  readonly indexes: BankIndexes;
  /** The vectors of what this process stored lately. */
  readonly dedup: DedupDetector;
  /** What recalls of the facade found lately; absent unless it is switched on. */
  readonly recallCache: RecallCache<RecallResult> | undefined;
  readonly options: PipelineOptions;
  readonly retainSettings: RetainSettings;
  readonly recallSettings: RecallSettings;
  readonly reflectSettings: ReflectSettings;
}

/** Whether the vector store keeps the full-text index itself, so that mirroring would write twice. */
export function isSelfMirroring(pipeline: Pipeline): boolean {
  const { vectorStore, documentStore } = pipeline;
  return vectorStore.capabilities.indexesText && Object.is(vectorStore, documentStore);
}

/** Whether all memories' stores are one object that can write as a whole. */
export function storesTogether({ vectorStore, documentStore, graphStore }: Pipeline): boolean {
  return (
    vectorStore.atomically !== undefined &&
    Object.is(graphStore, vectorStore) &&
    (documentStore === undefined || Object.is(documentStore, vectorStore))
  );
}

/** Runs writes as one transaction where {@link storesTogether}; elsewhere one by one. */
export function together<Result>(
  pipeline: Pipeline,
  run: () => Promise<Result>,
  options: CallOptions,
): Promise<Result> {
  const { vectorStore } = pipeline;
  return vectorStore.atomically !== undefined && storesTogether(pipeline)
    ? vectorStore.atomically(run, options)
    : run();
}

/**
 * Refuses stores that could not forget: what cannot be deleted may not be remembered.
 *
 * @throws ConfigError that names the store and the method it lacks.
 */
export function assertForgettable(pipeline: Pipeline): void {
  const { vectorStore, documentStore, graphStore } = pipeline;
  const { supportsDelete, supportsListing } = vectorStore.capabilities;
  if (!supportsDelete || !supportsListing) {
    throw new ConfigError(
      `Vector store "${vectorStore.name}" cannot ${supportsDelete ? "list" : "delete"} memories, so it could not forget; ` +
        "use a store that declares supportsDelete and supportsListing",
    );
  }
  if (
    documentStore !== undefined &&
    documentStore.deleteDocuments === undefined &&
    !isSelfMirroring(pipeline)
  ) {
    throw new ConfigError(
      `Document store "${documentStore.name}" has no deleteDocuments, so forgotten text would stay searchable`,
    );
  }
  if (graphStore !== undefined && graphStore.removeMemories === undefined) {
    throw new ConfigError(
      `Graph store "${graphStore.name}" has no removeMemories, so forgotten memories would stay linked`,
    );
  }
}
