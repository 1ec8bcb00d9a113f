import { CallbackManager, type Callbacks } from "@langchain/core/callbacks/manager";
import type { DocumentInterface } from "@langchain/core/documents";
import type { Serialized } from "@langchain/core/load/serializable";
import { ensureConfig, patchConfig, type RunnableConfig } from "@langchain/core/runnables";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";

/** What belongs to the object that starts the run, as core's classes have it. */
export interface LocalTracing {
  readonly callbacks?: Callbacks | undefined;
  readonly tags?: string[] | undefined;
  readonly metadata?: Record<string, unknown> | undefined;
  readonly verbose?: boolean | undefined;
  readonly serialized?: Serialized | undefined;
}

export type TracedOperation<Result> = {
  /** The run's name unless the config has one. */
  readonly name: string;
  readonly local?: LocalTracing | undefined;
} & (
  | {
      readonly kind: "retriever";
      readonly query: string;
      readonly documents: (result: Result) => DocumentInterface[];
    }
  | {
      readonly kind: "chain";
      readonly inputs: Record<string, unknown>;
      readonly outputs: (result: Result) => Record<string, unknown>;
    }
);

interface StartedRun<Result> {
  readonly config: RunnableConfig;
  readonly end: (result: Result) => Promise<void>;
  readonly fail: (error: unknown) => Promise<void>;
}

async function start<Result>(
  config: RunnableConfig,
  operation: TracedOperation<Result>,
): Promise<StartedRun<Result> | undefined> {
  const { local = {}, name } = operation;
  const manager = CallbackManager.configure(
    config.callbacks,
    local.callbacks,
    config.tags,
    local.tags,
    config.metadata,
    local.metadata,
    { verbose: local.verbose === true },
  );
  if (manager === undefined) return undefined;
  const serialized = local.serialized ?? {
    lc: 1,
    type: "not_implemented",
    id: ["astrocyte", ...name.split(".").slice(1)],
  };
  const runName = config.runName ?? name;
  if (operation.kind === "retriever") {
    const { query, documents } = operation;
    const run = await manager.handleRetrieverStart(
      serialized,
      query,
      config.runId,
      undefined,
      undefined,
      undefined,
      runName,
    );
    return {
      config: patchConfig(config, { callbacks: run.getChild() }),
      end: (result) => run.handleRetrieverEnd(documents(result)),
      fail: (error) => run.handleRetrieverError(error),
    };
  }
  const { inputs, outputs } = operation;
  const run = await manager.handleChainStart(
    serialized,
    inputs,
    config.runId,
    "chain",
    undefined,
    undefined,
    runName,
  );
  return {
    config: patchConfig(config, { callbacks: run.getChild() }),
    end: (result) => run.handleChainEnd(outputs(result)),
    fail: (error) => run.handleChainError(error),
  };
}

/**
 * Does work as a run of LangChain: a child of the run that the config belongs to, or, without a config, of the ambient one where
 * LangChain keeps it. Runnables that are called inside become children in their turn. Without callbacks it is only the work.
 */
export async function traceOperation<Result>(
  options: RunnableConfig | undefined,
  operation: TracedOperation<Result>,
  work: (config: RunnableConfig) => Promise<Result>,
): Promise<Result> {
  const config = ensureConfig(options);
  const run = await start(config, operation);
  if (run === undefined) return work(config);
  try {
    const result = await AsyncLocalStorageProviderSingleton.runWithConfig(run.config, () =>
      work(run.config),
    );
    await run.end(result);
    return result;
  } catch (error) {
    await run.fail(error);
    throw error;
  }
}
