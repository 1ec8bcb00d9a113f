import { isGraphBubbleUp } from "@langchain/langgraph";
import {
  astrocyteContextSchema,
  InvalidArgumentError,
  type Astrocyte,
  type MemoryHit,
  type RetainItem,
} from "astrocyte";
import { heuristicTokenCount } from "astrocyte/policy";
import type { AgentMiddleware } from "langchain";
import type { TokenCounter } from "astrocyte";
import * as z from "zod";
import { resolveBankId, type BankSelector, type NodeConfig } from "../bank-id.js";
import { resolveCaller, type CallerSelector } from "../caller.js";
import type { ForgetPolicy } from "../forget-node.js";
import { toGraphState } from "../graph-state.js";
import { isRecord } from "../is-record.js";
import { lastQuestion, type MessageLike, type MessagesState } from "../messages.js";
import type { RetainPolicy } from "../review.js";
import { itemsOfTurn, type TurnSelection } from "../turn.js";
import { memoryBlock, systemWithBlock, withBlock } from "../inject.js";
import { logFailures, safely, type MemoryListener } from "./memory-event.js";
import { memoryTools, type MemoryToolName } from "./memory-tools.js";

const contextSchema = z.object({
  /** Whose memory it is. */
  bankId: z.string().optional(),
  /** Who calls, where access is controlled: `user:ana`. */
  principal: z.string().optional(),
  // LangChain hands a hook no more of the context than is named here, and a delegation that is lost would be a wider access.
  actor: astrocyteContextSchema.shape.actor,
  onBehalfOf: astrocyteContextSchema.shape.onBehalfOf,
  tenantId: z.string().optional(),
});
export type MemoryContextSchema = typeof contextSchema;

export interface MemoryMiddlewareOptions {
  readonly brain: Astrocyte;
  /** One name an agent: two banks need two. @defaultValue "AstrocyteMemory" */
  readonly name?: string | undefined;
  /** @defaultValue `context.bankId`, else `configurable.bankId` of the run */
  readonly bankId?: BankSelector<unknown> | undefined;
  /** Who calls, where access is controlled. @defaultValue `principal`, `actor`, `onBehalfOf` and `tenantId` of the run */
  readonly context?: CallerSelector<unknown> | undefined;
  /** What to look for; blank text recalls nothing. @defaultValue the text of the last human message */
  readonly query?: ((state: MessagesState) => string) | undefined;
  /** Most memories before the model. @defaultValue 8 */
  readonly maxResults?: number | undefined;
  /** Most tokens of the whole block before the model. @defaultValue 1500 */
  readonly maxTokens?: number | undefined;
  /** @defaultValue an estimate from the characters */
  readonly countTokens?: TokenCounter | undefined;
  /**
   * Where memories stand: `turn`, in front of the last human words, which keeps a provider's prompt cache of all before; or
   * `system`, behind the system prompt. @defaultValue "turn"
   */
  readonly placement?: "turn" | "system" | undefined;
  /** What is retained of a turn; `none` leaves it to the tools. @defaultValue "human" */
  readonly retain?: TurnSelection | "none" | undefined;
  /** Whether a message is retained. @defaultValue all are */
  readonly filter?: ((message: MessageLike) => boolean) | undefined;
  /** Given to every memory. */
  readonly tags?: readonly string[] | undefined;
  /** Whether the agent answers while memories are stored; `brain.flush()` waits for them. @defaultValue false */
  readonly background?: boolean | undefined;
  /** What the model may do itself. @defaultValue none */
  readonly tools?: readonly MemoryToolName[] | undefined;
  /** What somebody has to approve before a tool remembers it; the agent is then interrupted. */
  readonly reviewRetain?: RetainPolicy | undefined;
  /** What somebody has to approve before a tool forgets it; the agent is then interrupted. */
  readonly reviewForget?: ForgetPolicy | undefined;
  /** Told of everything that happens. @defaultValue logs failures */
  readonly onEvent?: MemoryListener | undefined;
}

/** What a hook learns of its run. */
interface RuntimeLike {
  readonly context?: unknown;
  readonly configurable?: unknown;
  readonly signal?: AbortSignal | undefined;
}

function configOf({ context, configurable, signal }: RuntimeLike): NodeConfig {
  return { context, configurable: isRecord(configurable) ? configurable : undefined, signal };
}

function assertOptions({ name, maxTokens, maxResults }: MemoryMiddlewareOptions): void {
  if (name !== undefined && !/^\w+$/.test(name)) {
    throw new InvalidArgumentError("memoryMiddleware: name: expected letters, digits and _");
  }
  for (const [option, value] of Object.entries({ maxTokens, maxResults })) {
    if (value === undefined || (Number.isSafeInteger(value) && value > 0)) continue;
    throw new InvalidArgumentError(`memoryMiddleware: ${option}: expected a whole number above 0`);
  }
}

/**
 * Memory for `createAgent`: recalls once a turn, puts what it found before the model under a budget, delimited and neutralised,
 * without a trace in the history, and retains the turn after the agent, also when the model failed.
 *
 * The bank comes from `context.bankId` of each run, never from the model. Whatever fails in memory is an event and never fails the
 * agent, a bank that nobody names included: then nothing is recalled or retained.
 *
 * @throws InvalidArgumentError for options of another form.
 */
export function memoryMiddleware(
  options: MemoryMiddlewareOptions,
): AgentMiddleware<
  undefined,
  MemoryContextSchema,
  unknown,
  readonly ReturnType<typeof memoryTools>[number][],
  readonly []
> {
  assertOptions(options);
  const {
    brain,
    name = "AstrocyteMemory",
    bankId,
    context,
    query = lastQuestion,
    maxResults = 8,
    maxTokens = 1500,
    countTokens = heuristicTokenCount,
    placement = "turn",
    retain = "human",
    filter,
    tags,
    background = false,
    onEvent = logFailures,
  } = options;
  const listen = safely(onEvent);
  // Private to this middleware: neither part of the agent's input nor of its result.
  const memoriesKey = `_${name}_memories`;
  const retainedKey = `_${name}_retained`;
  const stateSchema = z.object({
    [memoriesKey]: z.array(z.custom<MemoryHit>(isRecord)).optional(),
    [retainedKey]: z.string().optional(),
  });

  function memoriesIn(state: object): readonly MemoryHit[] {
    const memories: unknown = isRecord(state) ? state[memoriesKey] : undefined;
    return Array.isArray(memories) ? memories : [];
  }

  async function recall(state: MessagesState, config: NodeConfig): Promise<MemoryHit[]> {
    const bank = resolveBankId(bankId, state, config);
    const question = query(state);
    if (question.trim() === "") return [];
    const { hits } = await brain.recall(question, {
      bankId: bank,
      context: resolveCaller(context, state, config),
      signal: config.signal,
      maxResults,
      maxTokens,
    });
    listen({ type: "recalled", bankId: bank, hitCount: hits.length });
    return hits.map(toGraphState);
  }

  function itemsIn(state: MessagesState, config: NodeConfig): RetainItem[] {
    if (retain === "none") return [];
    const done: unknown = isRecord(state) ? state[retainedKey] : undefined;
    return itemsOfTurn(state.messages, config, {
      selection: retain,
      memories: memoriesIn(state),
      retainedUpTo: typeof done === "string" ? done : undefined,
      filter,
      tags,
    });
  }

  async function retainTurn(state: MessagesState, config: NodeConfig): Promise<void> {
    const items = itemsIn(state, config);
    if (items.length === 0) return;
    const bank = resolveBankId(bankId, state, config);
    const call = { bankId: bank, context: resolveCaller(context, state, config) };
    const isLeft =
      background &&
      brain.retainLater(items, {
        ...call,
        onRetained: (results) => listen({ type: "retained", bankId: bank, results }),
        onError: (error) => listen({ type: "failed", stage: "retain", error }),
      });
    if (isLeft) return;
    // Not the run's signal: what was said is kept, also by an agent that is stopped.
    const results = await brain.retainMany(items, call);
    listen({ type: "retained", bankId: bank, results });
  }

  /** Whether the turn was retained. */
  async function tryRetain(state: MessagesState, config: NodeConfig): Promise<boolean> {
    try {
      await retainTurn(state, config);
      return true;
    } catch (error) {
      listen({ type: "failed", stage: "retain", error });
      return false;
    }
  }

  const tools = memoryTools({
    brain,
    names: options.tools ?? [],
    bankId,
    context,
    reviewRetain: options.reviewRetain,
    reviewForget: options.reviewForget,
    tags,
    listen,
  });

  return {
    name,
    // The schema's keys are this middleware's own business, and no part of the agent's type.
    stateSchema: stateSchema as never, // oxlint-disable-line typescript/no-unsafe-type-assertion
    contextSchema,
    tools,
    beforeAgent: async (state, runtime) => {
      const config = configOf(runtime);
      let memories: MemoryHit[] = [];
      try {
        memories = await recall(state, config);
      } catch (error) {
        config.signal?.throwIfAborted();
        listen({ type: "failed", stage: "recall", error });
      }
      return { [memoriesKey]: memories };
    },
    wrapModelCall: async (request, handler) => {
      let changed = request;
      try {
        const block = memoryBlock(memoriesIn(request.state), maxTokens, countTokens);
        if (block !== undefined) {
          changed =
            placement === "turn"
              ? { ...request, messages: withBlock(request.messages, block) }
              : { ...request, systemMessage: systemWithBlock(request.systemMessage, block) };
        }
      } catch (error) {
        listen({ type: "failed", stage: "inject", error });
      }
      try {
        return await handler(changed);
      } catch (error) {
        // The hook after the agent does not run then.
        if (!isGraphBubbleUp(error)) await tryRetain(request.state, configOf(request.runtime));
        throw error;
      }
    },
    afterAgent: async (state, runtime) => {
      const isRetained = await tryRetain(state, configOf(runtime));
      const last = state.messages.at(-1)?.id;
      return retain === "new" && isRetained && last !== undefined ? { [retainedKey]: last } : {};
    },
  };
}
