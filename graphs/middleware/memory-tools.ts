import { tool, type StructuredToolInterface } from "@langchain/core/tools";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { formatMemories, type Astrocyte } from "astrocyte";
import * as z from "zod";
import { resolveBankId, type BankSelector, type NodeConfig } from "../bank-id.js";
import { resolveCaller, type CallerSelector } from "../caller.js";
import type { ForgetPolicy } from "../forget-node.js";
import { isRecord } from "../is-record.js";
import { askReview, type RetainPolicy } from "../review.js";
import type { MemoryListener } from "./memory-event.js";

/** The tools by which a model works with memory itself. */
export type MemoryToolName = "search_memory" | "remember" | "forget_memories";

export interface MemoryToolsOptions {
  readonly brain: Astrocyte;
  readonly names: readonly MemoryToolName[];
  readonly bankId: BankSelector<unknown> | undefined;
  readonly context: CallerSelector<unknown> | undefined;
  readonly reviewRetain: RetainPolicy | undefined;
  readonly reviewForget: ForgetPolicy | undefined;
  readonly tags: readonly string[] | undefined;
  readonly listen: MemoryListener;
}

/** What a tool knows of the run; the bank is never the model's to say. */
function configOf(runtime: unknown): NodeConfig {
  if (!isRecord(runtime)) return {};
  const { context, configurable, signal } = runtime;
  return {
    context,
    configurable: isRecord(configurable) ? configurable : undefined,
    signal: signal instanceof AbortSignal ? signal : undefined,
  };
}

/** Memory as tools of an agent. A failure is told to the listener, and to the model only that it failed. */
export function memoryTools(options: MemoryToolsOptions): StructuredToolInterface[] {
  const { brain, names, bankId, context, listen, tags, reviewRetain, reviewForget } = options;

  async function answer(
    stage: "recall" | "retain" | "forget",
    runtime: unknown,
    step: (call: {
      bankId: string;
      context: ReturnType<typeof resolveCaller>;
      signal: AbortSignal | undefined;
    }) => Promise<string>,
  ): Promise<string> {
    const config = configOf(runtime);
    try {
      return await step({
        bankId: resolveBankId(bankId, undefined, config),
        context: resolveCaller(context, undefined, config),
        signal: config.signal,
      });
    } catch (error) {
      if (isGraphBubbleUp(error) || config.signal?.aborted === true) throw error;
      listen({ type: "failed", stage, error });
      return "Memory is not available at the moment.";
    }
  }

  const search = tool(
    ({ query, limit }, runtime) =>
      answer("recall", runtime, async (call) => {
        const { hits } = await brain.recall(query, { ...call, maxResults: limit });
        return hits.length === 0 ? "Nothing is known about that." : formatMemories(hits);
      }),
    {
      name: "search_memory",
      description: "Searches what is known from earlier conversations.",
      schema: z.object({
        query: z.string().describe("what to look for, in words"),
        limit: z.int().min(1).max(20).default(5),
      }),
    },
  );
  const remember = tool(
    ({ content }, runtime) =>
      answer("retain", runtime, async (call) => {
        const reason = reviewRetain?.({ content });
        const isAllowed =
          reason === undefined ||
          askReview({
            type: "astrocyte.review",
            operation: "retain",
            bankId: call.bankId,
            items: [{ reason, text: content }],
          });
        if (!isAllowed) return "It was decided not to remember that.";
        const metadata = { source: "langgraph", role: "assistant" };
        const result = await brain.retain(content, { ...call, metadata, tags });
        listen({ type: "retained", bankId: call.bankId, results: [result] });
        if (result.stored) return "Remembered.";
        return result.deduplicated ? "That was known already." : "That cannot be remembered.";
      }),
    {
      name: "remember",
      description: "Remembers a fact for later conversations.",
      schema: z.object({ content: z.string().describe("one fact, as a whole sentence") }),
    },
  );
  const forget = tool(
    ({ memoryIds }, runtime) =>
      answer("forget", runtime, async (call) => {
        const selection = { memoryIds };
        const reason = reviewForget?.(selection);
        const isAllowed =
          reason === undefined ||
          askReview({
            type: "astrocyte.review",
            operation: "forget",
            bankId: call.bankId,
            items: memoryIds.map((memoryId) => ({ reason, memoryId })),
            selection,
          });
        if (!isAllowed) return "It was decided not to forget that.";
        const { deletedCount } = await brain.forget({ ...call, ...selection });
        return deletedCount === 1 ? "Forgot 1 memory." : `Forgot ${deletedCount} memories.`;
      }),
    {
      name: "forget_memories",
      description: "Forgets memories by the ids that search_memory gives.",
      schema: z.object({ memoryIds: z.array(z.string()).min(1) }),
    },
  );
  return [search, remember, forget].filter(({ name }) => names.some((wanted) => wanted === name));
}
