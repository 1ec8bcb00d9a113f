import { Annotation, StateGraph, type BaseCheckpointSaver } from "@langchain/langgraph";
import {
  InvalidArgumentError,
  systemClock,
  type Astrocyte,
  type AstrocyteContext,
  type Clock,
} from "astrocyte";
import type { AstrocyteStore } from "./astrocyte-store.js";
import { askReview } from "./review.js";

/** What a run did: memories that were too old, by bank, and store items whose time was over. */
export const MaintenanceState = Annotation.Root({
  forgotten: Annotation<Record<string, number>>({
    reducer: (_before, now) => now,
    default: () => ({}),
  }),
  /** When the run began, which ages count from; a review must not move it. */
  startedAt: Annotation<number>({ reducer: (_before, now) => now, default: () => 0 }),
  swept: Annotation<number>({ reducer: (_before, now) => now, default: () => 0 }),
});

export interface MaintenanceGraphOptions {
  readonly brain: Astrocyte;
  /** Whose expired items go. */
  readonly stores?: readonly AstrocyteStore[] | undefined;
  /** Banks with the age in milliseconds beyond which a memory goes, counted from its event; an undated one stays. */
  readonly maxAgeMs?: Readonly<Record<string, number>> | undefined;
  /** Who acts, where access is controlled; needs the permission `forget`. */
  readonly context?: AstrocyteContext | undefined;
  /** Whether somebody approves before old memories go; the graph is then interrupted, once a bank. @defaultValue false */
  readonly review?: boolean | undefined;
  /** @defaultValue the system's clock */
  readonly clock?: Clock | undefined;
  readonly checkpointer?: BaseCheckpointSaver | undefined;
}

/**
 * A compiled graph that keeps memory in order, to be run on a schedule with `invoke({})`: it waits for retains and observations
 * that go on, takes expired items out of stores, and forgets what is too old.
 *
 * @throws InvalidArgumentError for an age that is no number above 0.
 */
export function createMaintenanceGraph({
  brain,
  stores = [],
  maxAgeMs = {},
  context,
  review = false,
  clock = systemClock,
  checkpointer,
}: MaintenanceGraphOptions) {
  for (const [bankId, age] of Object.entries(maxAgeMs)) {
    if (Number.isFinite(age) && age > 0) continue;
    throw new InvalidArgumentError(
      `createMaintenanceGraph: maxAgeMs.${bankId}: expected a number above 0`,
    );
  }
  return new StateGraph(MaintenanceState)
    .addNode("settle", async (_state, config) => {
      await brain.flush({ signal: config.signal });
      return { startedAt: clock.now() };
    })
    .addNode("sweep", async () => {
      let swept = 0;
      for (const store of stores) swept += await store.sweepExpired();
      return { swept };
    })
    .addNode("expire", async ({ startedAt }, config) => {
      const due: { bankId: string; beforeDate: number }[] = [];
      // All questions first: a node that is resumed begins again.
      for (const [bankId, age] of Object.entries(maxAgeMs)) {
        const beforeDate = startedAt - age;
        const isApproved =
          !review ||
          askReview({
            type: "astrocyte.review",
            operation: "forget",
            bankId,
            items: [{ reason: `older than ${age} ms` }],
            selection: { beforeDate },
          });
        if (isApproved) due.push({ bankId, beforeDate });
      }
      const forgotten: Record<string, number> = {};
      for (const { bankId, beforeDate } of due) {
        const { signal } = config;
        const { deletedCount } = await brain.forget({ bankId, beforeDate, context, signal });
        forgotten[bankId] = deletedCount;
      }
      return { forgotten };
    })
    .addEdge("__start__", "settle")
    .addEdge("settle", "sweep")
    .addEdge("sweep", "expire")
    .addEdge("expire", "__end__")
    .compile(checkpointer === undefined ? {} : { checkpointer });
}
