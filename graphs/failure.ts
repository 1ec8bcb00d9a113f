export interface FailureOptions {
  /**
   * `continue` lets the graph go on without memory when it fails. A bank that is not named and an abort always throw.
   * @defaultValue "throw"
   */
  readonly onError?: "throw" | "continue" | undefined;
  /** Told of every failure, also of one that is thrown. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** Runs a step; when it fails, its stand-in takes its place where the options say so. */
export async function orContinue<Result>(
  { onError = "throw", onFailure }: FailureOptions,
  signal: AbortSignal | undefined,
  step: () => Promise<Result>,
  standIn: Result,
): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    if (signal?.aborted === true) throw error;
    onFailure?.(error);
    if (onError === "throw") throw error;
    return standIn;
  }
}
