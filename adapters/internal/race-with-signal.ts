/**
 * Waits for work that may not know the signal: an abort rejects at once with the signal's reason, and what the work
 * then does is ignored.
 */
export async function raceWithSignal<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) return work;
  const settled = new AbortController();
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        const leave = (): void => reject(signal.reason);
        if (signal.aborted) leave();
        else signal.addEventListener("abort", leave, { once: true, signal: settled.signal });
      }),
    ]);
  } finally {
    settled.abort();
  }
}
