import type { Astrocyte, MemoryHit, ReflectOptions } from "astrocyte";
import { resolveBankId, type BankSelector, type NodeConfig } from "./bank-id.js";
import { resolveCaller, type CallerSelector } from "./caller.js";
import { orContinue, type FailureOptions } from "./failure.js";
import { toGraphState } from "./graph-state.js";
import { lastQuestion, type MessagesState } from "./messages.js";

export interface ReflectNodeOptions<State>
  extends Omit<ReflectOptions, "bankId" | "signal" | "context">, FailureOptions {
  readonly brain: Astrocyte;
  /** @defaultValue `context.bankId`, else `configurable.bankId` of the run */
  readonly bankId?: BankSelector<State> | undefined;
  /** Who calls, where access is controlled. @defaultValue `principal` and `tenantId` of the run */
  readonly context?: CallerSelector<State> | undefined;
  /** What to answer; a blank text is not asked. @defaultValue the text of the last human message */
  readonly query?: ((state: State, config: NodeConfig) => string) | undefined;
}

/** An answer and the memories it was made from, as plain JSON. */
export interface Reflection {
  readonly answer: string;
  readonly sources: readonly MemoryHit[];
}

/** What the node writes into the state: null when nothing was asked, or reflecting failed. */
export interface ReflectUpdate {
  reflection: Reflection | null;
}

/**
 * A graph node that answers from memories with the brain's model, and puts the answer under `reflection`.
 *
 * @throws InvalidArgumentError when neither the options nor the run name a bank.
 */
export function reflectNode<State extends MessagesState>({
  brain,
  bankId,
  context,
  query = lastQuestion,
  onError,
  onFailure,
  ...options
}: ReflectNodeOptions<State>): (state: State, config?: NodeConfig) => Promise<ReflectUpdate> {
  return async (state, config = {}) => {
    const bank = resolveBankId(bankId, state, config);
    const question = query(state, config);
    if (question.trim() === "") return { reflection: null };
    const { signal } = config;
    const step = async () => {
      const caller = resolveCaller(context, state, config);
      const { answer, sources = [] } = await brain.reflect(question, {
        ...options,
        bankId: bank,
        context: caller,
        signal,
      });
      return { reflection: { answer, sources: sources.map(toGraphState) } };
    };
    return orContinue<ReflectUpdate>({ onError, onFailure }, signal, step, { reflection: null });
  };
}
