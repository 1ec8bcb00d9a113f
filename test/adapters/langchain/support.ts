import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { Serialized } from "@langchain/core/load/serializable";
import { Astrocyte, type AstrocyteConfigInput } from "astrocyte";
import { createMockLLM } from "astrocyte/testing";

/** A brain on in-memory stores whose model answers with the best memories. */
export async function createBrain(config: Partial<AstrocyteConfigInput> = {}): Promise<Astrocyte> {
  return Astrocyte.fromConfig(
    { vector_store: "in_memory", embedding_provider: "mock", ...config },
    { providers: { llm: createMockLLM() } },
  );
}

export interface RecordedRun {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly kind: string;
  readonly name: string | undefined;
  readonly input: unknown;
  output?: unknown;
  error?: unknown;
}

/** Keeps what LangChain tells a handler. */
export class RunRecorder extends BaseCallbackHandler {
  readonly name = "run_recorder";
  override readonly awaitHandlers = true;
  readonly runs: RecordedRun[] = [];

  #add(
    kind: string,
    id: string,
    parentId: string | undefined,
    name: string | undefined,
    input: unknown,
  ): void {
    this.runs.push({ id, parentId, kind, name, input });
  }

  #set(id: string, outcome: Partial<RecordedRun>): void {
    Object.assign(this.runs.find((run) => run.id === id) ?? {}, outcome);
  }

  named(name: string): RecordedRun[] {
    return this.runs.filter((run) => run.name === name);
  }

  override handleChainStart(
    _chain: Serialized,
    inputs: unknown,
    runId: string,
    parentRunId?: string,
    _tags?: string[],
    _metadata?: Record<string, unknown>,
    _runType?: string,
    runName?: string,
  ): void {
    this.#add("chain", runId, parentRunId, runName, inputs);
  }

  override handleChainEnd(output: unknown, runId: string): void {
    this.#set(runId, { output });
  }

  override handleChainError(error: unknown, runId: string): void {
    this.#set(runId, { error });
  }

  override handleRetrieverStart(
    _retriever: Serialized,
    query: string,
    runId: string,
    parentRunId?: string,
    _tags?: string[],
    _metadata?: Record<string, unknown>,
    name?: string,
  ): void {
    this.#add("retriever", runId, parentRunId, name, query);
  }

  override handleRetrieverEnd(documents: unknown, runId: string): void {
    this.#set(runId, { output: documents });
  }

  override handleRetrieverError(error: unknown, runId: string): void {
    this.#set(runId, { error });
  }

  override handleToolStart(
    _tool: Serialized,
    input: string,
    runId: string,
    parentRunId?: string,
    _tags?: string[],
    _metadata?: Record<string, unknown>,
    runName?: string,
  ): void {
    this.#add("tool", runId, parentRunId, runName, input);
  }

  override handleChatModelStart(
    _llm: Serialized,
    messages: unknown,
    runId: string,
    parentRunId?: string,
    _extra?: Record<string, unknown>,
    _tags?: string[],
    _metadata?: Record<string, unknown>,
    runName?: string,
  ): void {
    this.#add("llm", runId, parentRunId, runName, messages);
  }

  override handleLLMEnd(output: unknown, runId: string): void {
    this.#set(runId, { output });
  }
}
