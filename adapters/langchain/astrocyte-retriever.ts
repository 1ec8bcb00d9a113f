import {
  parseCallbackConfigArg,
  type BaseCallbackConfig,
  type Callbacks,
} from "@langchain/core/callbacks/manager";
import type { DocumentInterface } from "@langchain/core/documents";
import { BaseRetriever, type BaseRetrieverInput } from "@langchain/core/retrievers";
import type { RunnableConfig, RunnableToolLike } from "@langchain/core/runnables";
import type { ToolCall } from "@langchain/core/messages/tool";
import type { InteropZodType } from "@langchain/core/utils/types";
import {
  InvalidArgumentError,
  type Astrocyte,
  type AstrocyteContext,
  type MemoryHit,
  type RecallOptions,
} from "astrocyte";
import { isRecord } from "./is-record.js";
import { raceWithSignal } from "../internal/race-with-signal.js";
import { createRetrieverTool, type RetrieverToolFields } from "./retriever-tool.js";
import { runBankId, runCaller, type RunBank } from "./run-scope.js";
import { toLangChainDocument, type MemoryDocumentMetadata } from "./to-langchain-document.js";
import { traceOperation } from "./trace-operation.js";
import { tracedOperations } from "./with-langchain-tracing.js";

const narrowing = [
  "maxResults",
  "maxTokens",
  "tags",
  "factTypes",
  "timeRange",
  "asOf",
  "sessionId",
  "queryReferenceDate",
] as const;

/** What narrows one search. */
export type RetrieverFilters = Pick<RecallOptions, (typeof narrowing)[number]>;

/** What reflect knows of these. */
const reflectOptions: ReadonlySet<string> = new Set([
  "maxResults",
  "maxTokens",
  "tags",
  "asOf",
  "queryReferenceDate",
]);

export interface AstrocyteRetrieverFields
  extends BaseRetrieverInput, Omit<RecallOptions, "bankId" | "banks" | "signal" | "tags"> {
  readonly brain: Astrocyte;
  /**
   * Bound here, a call cannot change it. @defaultValue the call's own `recall.bankId`, else `context.bankId`, else
   * `configurable.bankId` of the run
   */
  readonly bankId?: RunBank | undefined;
  /** Who calls. Bound here, a call cannot change it. @defaultValue `principal` and the like of the run's `context` or `configurable` */
  readonly context?: AstrocyteContext | undefined;
  /**
   * `reflect` returns the memories that an answer to the question was drawn from: with a plan, tools and checks where these are
   * configured, at the cost of model calls. @defaultValue "recall"
   */
  readonly mode?: "recall" | "reflect" | undefined;
  /** Only memories with any of these tags; `tags` are those of the run in LangChain. */
  readonly memoryTags?: readonly string[] | undefined;
}

/** A run's config, and under `recall` what holds for this call only. */
export interface AstrocyteRetrieverCallOptions extends Partial<RunnableConfig> {
  readonly recall?:
    | (RetrieverFilters & {
        readonly bankId?: string | undefined;
        readonly context?: AstrocyteContext | undefined;
      })
    | undefined;
}

function filtersOf(value: unknown, name: string): RetrieverFilters {
  if (value === undefined) return {};
  if (!isRecord(value)) throw new InvalidArgumentError(`${name}: expected an object`);
  const scope = name === "recall" ? ["bankId", "context"] : [];
  const known: readonly string[] = [...narrowing, ...scope];
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new InvalidArgumentError(
      `${name}: unknown option ${unknown.join(", ")}; known: ${known.join(", ")}`,
    );
  }
  return Object.fromEntries(
    narrowing.flatMap((key) => (value[key] === undefined ? [] : [[key, value[key]]])),
  );
}

/**
 * Memories as documents: `id` is the memory's, `metadata` holds its own metadata and `score`, `memoryId`, `bankId`, `tags`,
 * `occurredAt`, `strategies`.
 *
 * - Bank and caller: what is bound here, else what the call says under `recall`, else `context` and then `configurable` of the
 *   run. A retriever inside another one, such as an ensemble, gets no `configurable`: bind its bank.
 * - Filters, the nearest first: `recall` of the call, `configurable.recall` of the run, the fields.
 * - An abort and a `timeout` of the config reject at once.
 *
 * @throws `invoke`: InvalidArgumentError without a bank; else as `recall` and `reflect` of the brain.
 */
export class AstrocyteRetriever extends BaseRetriever<MemoryDocumentMetadata> {
  readonly lc_namespace = ["astrocyte", "retrievers"];
  readonly #brain: Astrocyte;
  readonly #bankId: RunBank | undefined;
  readonly #context: AstrocyteContext | undefined;
  readonly #mode: "recall" | "reflect";
  readonly #options: Omit<RecallOptions, "bankId" | "banks" | "context" | "signal">;

  static override lc_name(): string {
    return "AstrocyteRetriever";
  }

  constructor(fields: AstrocyteRetrieverFields) {
    const { callbacks, tags, metadata, verbose, ...own } = fields;
    super({
      ...(callbacks === undefined ? {} : { callbacks }),
      ...(tags === undefined ? {} : { tags }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(verbose === undefined ? {} : { verbose }),
    });
    const { brain, bankId, context, mode = "recall", memoryTags, ...options } = own;
    if (typeof brain?.recall !== "function") {
      throw new InvalidArgumentError("AstrocyteRetriever: brain: expected an Astrocyte");
    }
    this.#brain = brain;
    this.#bankId = bankId;
    this.#context = context;
    this.#mode = mode;
    this.#options = memoryTags === undefined ? options : { ...options, tags: memoryTags };
  }

  override async invoke(
    input: string,
    options?: AstrocyteRetrieverCallOptions | Callbacks,
  ): Promise<DocumentInterface<MemoryDocumentMetadata>[]> {
    const { recall, ...rest }: AstrocyteRetrieverCallOptions & BaseCallbackConfig =
      // Retrievers that hold others pass a callback manager where the config should be.
      parseCallbackConfigArg(options);
    return traceOperation(
      rest,
      {
        kind: "retriever",
        name: this.getName(),
        local: {
          callbacks: this.callbacks,
          tags: this.tags,
          metadata: this.metadata,
          verbose: this.verbose,
          serialized: this.toJSON(),
        },
        query: input,
        documents: (documents) => documents,
      },
      async (config) => {
        config.signal?.throwIfAborted();
        const hits = await raceWithSignal(this.#search(input, recall, config), config.signal);
        return hits.map(toLangChainDocument);
      },
    );
  }

  /**
   * A tool that takes `{ query }`. Called by a model it gives the memories as delimited text, with the documents as artifact and
   * errors by their kind only; called by hand, the documents.
   */
  override asTool<Input extends string = string>(
    fields: RetrieverToolFields = {},
  ): RunnableToolLike<
    InteropZodType<Input | ToolCall>,
    DocumentInterface<MemoryDocumentMetadata>[]
  > {
    return createRetrieverTool<Input>(this, fields);
  }

  async #search(
    query: string,
    call: AstrocyteRetrieverCallOptions["recall"],
    config: RunnableConfig,
  ): Promise<readonly MemoryHit[]> {
    const options = {
      ...this.#options,
      ...filtersOf(config.configurable?.["recall"], "configurable.recall"),
      ...filtersOf(call, "recall"),
      bankId: runBankId(this.#bankId ?? call?.bankId, config, "AstrocyteRetriever"),
      context: runCaller(this.#context ?? call?.context, config),
      signal: config.signal,
    };
    if (this.#mode === "recall") return (await this.#brain.recall(query, options)).hits;
    return this.#sources(query, options, config);
  }

  async #sources(
    query: string,
    options: RecallOptions & { readonly bankId: string },
    config: RunnableConfig,
  ): Promise<readonly MemoryHit[]> {
    const { bankId, context, signal, maxResults, ...rest } = options;
    const refused = Object.entries(rest).flatMap(([key, value]) =>
      value === undefined || reflectOptions.has(key) ? [] : [key],
    );
    // A filter that reflect does not know would be one that does not filter.
    if (refused.length > 0) {
      throw new InvalidArgumentError(
        `AstrocyteRetriever: mode "reflect" has no ${refused.join(", ")}`,
      );
    }
    const brain = tracedOperations(this.#brain, config);
    const { sources = [] } = await brain.reflect(query, {
      ...rest,
      bankId,
      context,
      signal,
      includeSources: true,
    });
    return maxResults === undefined ? sources : sources.slice(0, Math.max(1, maxResults));
  }
}
