import { processLogger, type RetainResult } from "astrocyte";

/** What the middleware did, or failed to do; a failure never reaches the agent. */
export type MemoryEvent =
  | { readonly type: "recalled"; readonly bankId: string; readonly hitCount: number }
  | {
      readonly type: "retained";
      readonly bankId: string;
      readonly results: readonly RetainResult[];
    }
  | {
      readonly type: "failed";
      readonly stage: "recall" | "inject" | "retain" | "forget";
      readonly error: unknown;
    };

export type MemoryListener = (event: MemoryEvent) => void;

/** A failure that nobody listens to is at least logged. */
export function logFailures(event: MemoryEvent): void {
  if (event.type !== "failed") return;
  const { stage, error } = event;
  processLogger.warn("astrocyte.middleware.failed", {
    stage,
    error: error instanceof Error ? error.name : typeof error,
  });
}

/** A listener that fails disturbs nobody. */
export function safely(listener: MemoryListener): MemoryListener {
  return (event) => {
    try {
      listener(event);
    } catch (error) {
      logFailures({ type: "failed", stage: "inject", error });
    }
  };
}
