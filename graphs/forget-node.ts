import type { Astrocyte, ForgetOptions, ForgetResult, MemoryHit } from "astrocyte";
import { resolveBankId, type BankSelector, type NodeConfig } from "./bank-id.js";
import { resolveCaller, type CallerSelector } from "./caller.js";
import { orContinue, type FailureOptions } from "./failure.js";
import { askReview, type ReviewItem } from "./review.js";

/** Which memories to forget; see {@link ForgetOptions}. */
export type ForgetSelection = Pick<ForgetOptions, "memoryIds" | "tags" | "beforeDate" | "scope">;

/** Says why somebody has to look at a forget before it is done; undefined when nobody has to. */
export type ForgetPolicy = (selection: ForgetSelection) => string | undefined;

export interface ForgetNodeOptions<State> extends FailureOptions {
  readonly brain: Astrocyte;
  /** @defaultValue `context.bankId`, else `configurable.bankId` of the run */
  readonly bankId?: BankSelector<State> | undefined;
  /** Who calls, where access is controlled. @defaultValue `principal` and `tenantId` of the run */
  readonly context?: CallerSelector<State> | undefined;
  /** What to forget; undefined forgets nothing. */
  readonly select: (state: State, config: NodeConfig) => ForgetSelection | undefined;
  /** What somebody has to approve; the graph is then interrupted with a {@link ReviewRequest}, before anything is forgotten. */
  readonly review?: ForgetPolicy | undefined;
}

/** What the node writes into the state: null when nothing was to be forgotten, or a review said no. */
export interface ForgetUpdate {
  forgotten: ForgetResult | null;
}

/** State that may tell what was recalled. */
interface RecalledState {
  readonly memories?: readonly MemoryHit[] | undefined;
}

/** The memories that a selection names, with their texts where the state has them. */
function itemsOf(
  { memoryIds = [] }: ForgetSelection,
  { memories = [] }: RecalledState,
  reason: string,
): ReviewItem[] {
  if (memoryIds.length === 0) return [{ reason }];
  const texts = new Map(memories.map(({ memoryId, text }) => [memoryId, text]));
  return memoryIds.map((memoryId) => {
    const text = texts.get(memoryId);
    return { reason, memoryId, ...(text === undefined ? {} : { text }) };
  });
}

/**
 * A graph node that forgets what the state selects, and puts what was done under `forgotten`.
 *
 * @throws InvalidArgumentError when neither the options nor the run name a bank.
 */
export function forgetNode<State extends RecalledState>({
  brain,
  bankId,
  context,
  select,
  review,
  onError,
  onFailure,
}: ForgetNodeOptions<State>): (state: State, config?: NodeConfig) => Promise<ForgetUpdate> {
  return async (state, config = {}) => {
    const bank = resolveBankId(bankId, state, config);
    const selection = select(state, config);
    if (selection === undefined) return { forgotten: null };
    const reason = review?.(selection);
    if (reason !== undefined) {
      const isApproved = askReview({
        type: "astrocyte.review",
        operation: "forget",
        bankId: bank,
        items: itemsOf(selection, state, reason),
        selection,
      });
      if (!isApproved) return { forgotten: null };
    }
    const { signal } = config;
    const step = async () => {
      const caller = resolveCaller(context, state, config);
      return {
        forgotten: await brain.forget({ ...selection, bankId: bank, context: caller, signal }),
      };
    };
    return orContinue<ForgetUpdate>({ onError, onFailure }, signal, step, { forgotten: null });
  };
}
