import { sequenceRatio } from "../internal/sequence-ratio.js";

/** The known name that a misspelt one probably means. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  // Beyond this it is no slip of the fingers, and comparing would take long.
  if (name.length > 80) return undefined;
  const [best] = known
    .map((candidate) => ({ candidate, ratio: sequenceRatio(name.toLowerCase(), candidate) }))
    .toSorted((a, b) => b.ratio - a.ratio);
  return best !== undefined && best.ratio >= 0.75 ? best.candidate : undefined;
}
