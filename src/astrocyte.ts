import { randomBytes } from "node:crypto";
import { systemClock, type Clock } from "./clock.js";
import { buildProviders, closeAll, type HostProviders } from "./config/build-providers.js";
import type { ConfigDocument } from "./config/document.js";
import { loadConfig } from "./config/load-config.js";
import type { Environment } from "./config/substitute-environment.js";
import type { ForgetResult } from "./dto/forget.js";
import type { HealthStatus } from "./dto/health-status.js";
import type { RecallResult } from "./dto/recall.js";
import type { ReflectResult } from "./dto/reflect.js";
import type { RetainResult } from "./dto/retain.js";
import { toTimestamp } from "./dto/timestamp.js";
import {
  recallWithEngine,
  reflectWithEngine,
  retainWithEngine,
  type FallbackStrategy,
} from "./engine.js";
import { CapabilityNotSupportedError, ClosedError, ConfigError } from "./errors.js";
import { KeyedMutex } from "./internal/keyed-mutex.js";
import { processLogger, type Logger } from "./logger.js";
import type {
  ForgetOptions,
  RecallOptions,
  ReflectOptions,
  RetainItem,
  RetainManyOptions,
  RetainOptions,
} from "./options.js";
import { createEmbedder } from "./pipeline/embedder.js";
import { forget } from "./pipeline/forget/forget.js";
import { parsePipelineOptions, type PipelineOptions } from "./pipeline/pipeline-options.js";
import { assertForgettable, type Pipeline } from "./pipeline/pipeline.js";
import { recall } from "./pipeline/recall/recall.js";
import { reflect } from "./pipeline/reflect/reflect.js";
import { retain } from "./pipeline/retain/retain.js";
import { heuristicTokenCount, type TokenCounter } from "./policy/tokens.js";
import {
  assertOptions,
  forgetRequest,
  recallRequest,
  reflectRequest,
  retainRequests,
} from "./requests.js";
import type { CallOptions } from "./spi/call-options.js";
import type { DocumentStore } from "./spi/document-store.js";
import type { EngineProvider } from "./spi/engine-provider.js";
import type { GraphStore } from "./spi/graph-store.js";
import { assertProvider } from "./spi/guards.js";
import type { EmbeddingProvider, LLMProvider } from "./spi/llm-provider.js";
import { ProviderRegistry, type ProviderRegistryOptions } from "./spi/registry.js";
import type { VectorStore } from "./spi/vector-store.js";

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
  readonly pipeline?: PipelineOptions | undefined;
}

/** The parts of a brain that is put together by hand; they stay the host's to close. */
export interface AstrocyteOptions extends Environs {
  readonly vectorStore?: VectorStore | undefined;
  readonly documentStore?: DocumentStore | undefined;
  readonly graphStore?: GraphStore | undefined;
  readonly llm?: LLMProvider | undefined;
  /** @defaultValue the embeddings of `llm`, when it has any */
  readonly embeddings?: EmbeddingProvider | undefined;
  /** Does the whole work itself; the stores are not used then. */
  readonly engine?: EngineProvider | undefined;
  /** What reflect does when the engine has none. @defaultValue "error" */
  readonly fallbackStrategy?: FallbackStrategy | undefined;
  /** Token budget of a recall that names none. */
  readonly recallMaxTokens?: number | undefined;
  /** Token budget of a reflect that names none. */
  readonly reflectMaxTokens?: number | undefined;
}

export interface FromConfigOptions extends Environs, ProviderRegistryOptions {
  /** Objects that win over the names in the configuration. */
  readonly providers?: HostProviders | undefined;
  /** Knows the host's own provider names. @defaultValue the built-in names */
  readonly registry?: ProviderRegistry | undefined;
  /** Where `${NAME}` comes from. @defaultValue the process environment */
  readonly environment?: Environment | undefined;
}

function createRandomId(): string {
  return randomBytes(8).toString("hex");
}

/** Checks every part, whichever of them will be used. */
function assertParts(options: AstrocyteOptions): void {
  const { vectorStore, documentStore, graphStore, llm, embeddings, engine } = options;
  if (vectorStore !== undefined) assertProvider(vectorStore, "VectorStore", "vectorStore");
  if (documentStore !== undefined) assertProvider(documentStore, "DocumentStore", "documentStore");
  if (graphStore !== undefined) assertProvider(graphStore, "GraphStore", "graphStore");
  if (llm !== undefined) assertProvider(llm, "LLMProvider", "llm");
  if (embeddings !== undefined) assertProvider(embeddings, "EmbeddingProvider", "embeddings");
  if (engine !== undefined) assertProvider(engine, "EngineProvider", "engine");
  if (vectorStore === undefined && (documentStore ?? graphStore) !== undefined) {
    throw new ConfigError("A documentStore or graphStore needs a vectorStore beside it; pass one");
  }
}

function createPipeline(options: AstrocyteOptions): Pipeline | undefined {
  const { vectorStore, documentStore, graphStore, llm, embeddings } = options;
  const pipelineOptions = parsePipelineOptions(options.pipeline ?? {});
  if (vectorStore === undefined) return undefined;
  const logger = options.logger ?? processLogger;
  const pipeline: Pipeline = {
    vectorStore,
    documentStore,
    graphStore,
    llm,
    embedder: createEmbedder(embeddings ?? llm, logger),
    clock: options.clock ?? systemClock,
    logger,
    createId: options.createId ?? createRandomId,
    retainMutex: new KeyedMutex(),
    countTokens: options.countTokens ?? heuristicTokenCount,
    options: pipelineOptions,
  };
  assertForgettable(pipeline);
  return pipeline;
}

/**
 * Long-term memory over banks: retain, recall, reflect, forget.
 *
 * Every call checks its arguments (`ASTROCYTE_INVALID_ARGUMENT`, bank ids `ASTROCYTE_CONFIG`), takes a `signal`, and rejects
 * with `ASTROCYTE_CLOSED` after {@link Astrocyte.close}. An unknown bank is an empty one, never an error.
 */
export class Astrocyte implements AsyncDisposable {
  readonly #options: AstrocyteOptions;
  readonly #pipeline: Pipeline | undefined;
  readonly #clock: Clock;
  #owned: readonly { close?(): Promise<void> }[] = [];
  #closing: Promise<void> | undefined;

  /** @throws ConfigError when a part lacks a method, has an unsupported SPI version, or could not forget. */
  constructor(options: AstrocyteOptions) {
    assertParts(options);
    this.#options = options;
    this.#pipeline = createPipeline(options);
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Builds a brain from an `astrocyte.yaml`, or from the same document as an object. Providers that it makes from names are
   * closed with the brain; those passed in `providers` stay the caller's.
   *
   * @throws ConfigError that names the file and the setting; MissingPeerError when a provider's package is not installed.
   */
  static async fromConfig(
    source: string | ConfigDocument,
    options: FromConfigOptions = {},
  ): Promise<Astrocyte> {
    const { providers: host = {}, registry = new ProviderRegistry(options), environment } = options;
    const { clock = systemClock, logger = processLogger } = options;
    const config = await loadConfig(source, { logger, environment });
    const providers = await buildProviders(config, host, { registry, clock });
    try {
      const brain = new Astrocyte({
        ...options,
        ...providers,
        fallbackStrategy: config.fallback_strategy,
        recallMaxTokens: config.homeostasis.recall_max_tokens,
        reflectMaxTokens: config.homeostasis.reflect_max_tokens,
      });
      brain.#owned = providers.owned;
      return brain;
    } catch (error) {
      await closeAll(providers.owned).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Stores a content as one memory or, when it is long, as several.
   *
   * @returns `stored: false` with `error` for a blank content, or with `deduplicated` for a repeated `idempotencyKey`.
   */
  async retain(content: string, options: RetainOptions): Promise<RetainResult> {
    const { bankId, signal, ...item } = assertOptions("retain", options);
    const [result] = await this.retainMany([{ content, ...item }], { bankId, signal });
    if (result === undefined) throw new ConfigError("The provider gave no result for the retain");
    return result;
  }

  /**
   * Stores several contents of one bank with one embedding call and one write; all are checked before any is stored.
   *
   * @returns One result a content, in order.
   */
  async retainMany(
    items: readonly RetainItem[],
    options: RetainManyOptions,
  ): Promise<RetainResult[]> {
    const { bankId, signal } = assertOptions("retainMany", options);
    this.#assertOpen(signal);
    const requests = retainRequests(items, bankId);
    const { engine } = this.#options;
    if (engine === undefined) return retain(this.#requirePipeline(), requests, { bankId, signal });
    if (requests.some(({ idempotencyKey }) => idempotencyKey !== undefined)) {
      throw new CapabilityNotSupportedError(engine.name, "idempotencyKey");
    }
    const results: RetainResult[] = [];
    for (const { request } of requests)
      results.push(await retainWithEngine(engine, request, { signal }));
    return results;
  }

  /** Finds memories, best first. */
  async recall(query: string, options: RecallOptions): Promise<RecallResult> {
    const { signal } = assertOptions("recall", options);
    this.#assertOpen(signal);
    const request = recallRequest(query, options, this.#options.recallMaxTokens);
    const { engine } = this.#options;
    return engine === undefined
      ? recall(this.#requirePipeline(), request, { signal })
      : recallWithEngine(engine, request, { signal });
  }

  /**
   * Answers a question from memories with a model.
   *
   * @throws CapabilityNotSupportedError when there is no model.
   */
  async reflect(query: string, options: ReflectOptions): Promise<ReflectResult> {
    const { signal } = assertOptions("reflect", options);
    this.#assertOpen(signal);
    const request = reflectRequest(query, options, this.#options.reflectMaxTokens);
    const { engine, llm, fallbackStrategy = "error" } = this.#options;
    return engine === undefined
      ? reflect(this.#requirePipeline(), request, { signal })
      : reflectWithEngine(engine, llm, fallbackStrategy, request, { signal });
  }

  /**
   * Deletes memories from every store: vectors, full text and graph.
   *
   * @throws CapabilityNotSupportedError when the engine cannot forget.
   */
  async forget(options: ForgetOptions): Promise<ForgetResult> {
    const { signal } = assertOptions("forget", options);
    this.#assertOpen(signal);
    const request = forgetRequest(options);
    const { engine } = this.#options;
    if (engine === undefined && this.#pipeline === undefined) {
      throw new CapabilityNotSupportedError("none", "forget", "pass a vectorStore or an engine");
    }
    if (engine === undefined) return forget(this.#requirePipeline(), request, { signal });
    if (!engine.capabilities.supportsForget || engine.forget === undefined) {
      throw new CapabilityNotSupportedError(engine.name, "forget");
    }
    return engine.forget(request, { signal });
  }

  /** Asks the engine or the vector store; an outage is an answer, not an error. */
  async health({ signal }: CallOptions = {}): Promise<HealthStatus> {
    this.#assertOpen(signal);
    const start = this.#clock.monotonic();
    const provider = this.#options.engine ?? this.#options.vectorStore;
    const status = await this.#ask(provider, signal);
    return {
      ...status,
      latencyMs: this.#clock.monotonic() - start,
      lastCheckAt: toTimestamp(this.#clock.now()),
    };
  }

  /** Closes the providers that the brain made itself. Calling it again does nothing. */
  async close(): Promise<void> {
    this.#closing ??= closeAll(this.#owned);
    await this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #ask(
    provider: EngineProvider | VectorStore | undefined,
    signal: AbortSignal | undefined,
  ): Promise<HealthStatus> {
    if (provider === undefined) return { healthy: true, message: "No provider configured" };
    try {
      return await provider.health({ signal });
    } catch (error) {
      signal?.throwIfAborted();
      return { healthy: false, message: error instanceof Error ? error.message : String(error) };
    }
  }

  #assertOpen(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    if (this.#closing !== undefined) throw new ClosedError("This brain");
  }

  #requirePipeline(): Pipeline {
    if (this.#pipeline !== undefined) return this.#pipeline;
    throw new ConfigError(
      "No provider or pipeline configured: pass a vectorStore or an engine, or build the brain with fromConfig",
    );
  }
}
