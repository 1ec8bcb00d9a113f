import { BaseMemory, type InputValues, type OutputValues } from "@langchain/core/memory";
import {
  InvalidArgumentError,
  processLogger,
  type Astrocyte,
  type AstrocyteContext,
  type Logger,
  type Metadata,
} from "astrocyte";
import { tracedOperations } from "./with-langchain-tracing.js";

export interface AstrocyteMemoryFields {
  readonly brain: Astrocyte;
  /** The bank of threads that `threadToBank` does not name. */
  readonly bankId: string;
  /** Banks by thread id. */
  readonly threadToBank?: Readonly<Record<string, string>> | undefined;
  /** Who calls, where access is controlled. */
  readonly context?: AstrocyteContext | undefined;
  /** The thread of calls that name none, as those of a chain. */
  readonly threadId?: string | undefined;
  /** The variable that `loadMemoryVariables` gives. @defaultValue "memory" */
  readonly memoryKey?: string | undefined;
  /** Most memories of `loadMemoryVariables`. @defaultValue 5 */
  readonly maxResults?: number | undefined;
  /** Told of turns that were not stored. @defaultValue {@link processLogger} */
  readonly logger?: Logger | undefined;
}

export interface MemoryThread {
  readonly threadId?: string | undefined;
}

export interface SaveContextOptions extends MemoryThread {
  /** @defaultValue ["langgraph"] */
  readonly tags?: readonly string[] | undefined;
}

export interface SearchMemoryOptions extends MemoryThread {
  /** @defaultValue 5 */
  readonly maxResults?: number | undefined;
  readonly tags?: readonly string[] | undefined;
}

export interface FoundMemory {
  readonly text: string;
  readonly score: number;
  readonly metadata: Metadata;
  readonly memoryId: string | undefined;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  // Messages, whose JSON says more than was said.
  if (typeof value === "object" && "text" in value && typeof value.text === "string") {
    return value.text;
  }
  return JSON.stringify(value);
}

/**
 * Long-term memory in the shape of LangChain's `BaseMemory`: every turn is retained, and what fits the input is recalled.
 *
 * The bank is that of the thread, else `bankId`. Like the models' answers, what was recalled is never retained again.
 *
 * @remarks Contract 06 section 9.
 */
export class AstrocyteMemory extends BaseMemory {
  readonly #fields: AstrocyteMemoryFields;

  constructor(fields: AstrocyteMemoryFields) {
    super();
    if (typeof fields.brain?.recall !== "function") {
      throw new InvalidArgumentError("AstrocyteMemory: brain: expected an Astrocyte");
    }
    if (typeof fields.bankId !== "string") {
      throw new InvalidArgumentError("AstrocyteMemory: bankId: required; there is no default bank");
    }
    this.#fields = fields;
  }

  override get memoryKeys(): string[] {
    return [this.#memoryKey];
  }

  /** Retains the inputs and outputs as `key: value` lines; without any text nothing happens. A turn that is refused is reported. */
  override async saveContext(
    inputValues: InputValues,
    outputValues: OutputValues,
    { threadId = this.#fields.threadId, tags = ["langgraph"] }: SaveContextOptions = {},
  ): Promise<void> {
    const lines = [...Object.entries(inputValues), ...Object.entries(outputValues)]
      .filter(([key]) => key !== this.#memoryKey)
      .map(([key, value]: [string, unknown]) => [key, textOf(value)] as const)
      .filter(([, text]) => text.trim() !== "");
    if (lines.length === 0) return;
    const { context, logger = processLogger } = this.#fields;
    const bankId = this.#bankOf(threadId);
    const { stored, deduplicated } = await this.#operations.retain(
      lines.map(([key, text]) => `${key}: ${text}`).join("\n"),
      { bankId, context, tags, metadata: { source: "langgraph", thread_id: threadId ?? "" } },
    );
    if (!stored) logger.warn("langchain.memory.not_stored", { bankId, deduplicated });
  }

  /** What fits the input, a memory a line; nothing for an input without text. */
  override async loadMemoryVariables(
    values: InputValues,
    { threadId }: MemoryThread = {},
  ): Promise<Record<string, string>> {
    const query = Object.entries(values)
      .filter(([key]) => key !== this.#memoryKey)
      .map(([, value]: [string, unknown]) => textOf(value))
      .join(" ");
    const { maxResults } = this.#fields;
    const found = await this.search(query, { threadId, maxResults });
    // A memory of several lines would look like several memories.
    const lines = found.map(
      ({ text }) => `- ${text.replaceAll(/\s*[\n\v\f\r\u0085\u2028\u2029]\s*/g, " ")}`,
    );
    return { [this.#memoryKey]: lines.join("\n") };
  }

  /** Best first; nothing for a blank query. */
  async search(
    query: string,
    { threadId = this.#fields.threadId, maxResults = 5, tags }: SearchMemoryOptions = {},
  ): Promise<FoundMemory[]> {
    if (query.trim() === "") return [];
    const { hits } = await this.#operations.recall(query, {
      bankId: this.#bankOf(threadId),
      context: this.#fields.context,
      maxResults,
      tags,
    });
    return hits.map(({ text, score, metadata = {}, memoryId }) => ({
      text,
      score,
      metadata,
      memoryId,
    }));
  }

  get #memoryKey(): string {
    return this.#fields.memoryKey ?? "memory";
  }

  get #operations() {
    return tracedOperations(this.#fields.brain);
  }

  #bankOf(threadId: string | undefined): string {
    const { threadToBank = {}, bankId } = this.#fields;
    return threadId !== undefined && Object.hasOwn(threadToBank, threadId)
      ? (threadToBank[threadId] ?? bankId)
      : bankId;
  }
}
