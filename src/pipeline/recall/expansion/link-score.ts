/** What connects a memory to the seeds. */
export interface LinkSignals {
  /** Entities that it shares with any seed. */
  readonly sharedEntities: number;
  /** Weights of the semantic links to seeds, added up. */
  readonly semanticWeight: number;
  /** Weights of the causal links to seeds, each raised by 1, added up. */
  readonly causalWeight: number;
}

/** What each signal counts at its strongest. */
export interface LinkWeights {
  /** @defaultValue 0.5 */
  readonly entities?: number | undefined;
  /** @defaultValue 0.3 */
  readonly semantic?: number | undefined;
  /** @defaultValue 0.7 */
  readonly causal?: number | undefined;
}

const entitiesForFullScore = 5;

/**
 * How strongly a memory is linked to the seeds: each signal saturates at 1, entities at five, and counts by its weight.
 *
 * @remarks Contract 05 section 6.4.
 */
export function linkScore(
  { sharedEntities, semanticWeight, causalWeight }: LinkSignals,
  { entities = 0.5, semantic = 0.3, causal = 0.7 }: LinkWeights = {},
): number {
  return (
    entities * Math.min(1, sharedEntities / entitiesForFullScore) +
    semantic * Math.min(1, semanticWeight) +
    causal * Math.min(1, causalWeight)
  );
}
