/** The best of some runs, so that a pause of the machine does not count. */
function bestMs(run: () => unknown, runs: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let at = 0; at < runs; at += 1) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

export interface GrowthOptions {
  /** Length of the shorter text. */
  readonly shortLength: number;
  /** How many times as long the longer one is. */
  readonly factor: number;
  readonly runs: number;
}

/** How many times as long a scan takes of the longer text. */
export function growthOf(
  scan: (text: string) => unknown,
  shape: (length: number) => string,
  { shortLength, factor, runs }: GrowthOptions,
): number {
  const [short, long] = [shape(shortLength), shape(shortLength * factor)];
  return (
    bestMs(() => scan(long), runs) /
    Math.max(
      bestMs(() => scan(short), runs),
      0.05,
    )
  );
}
