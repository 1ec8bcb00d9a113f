/** Whose word counts how much. */
export interface AuthorityTier {
  /** As memories carry it in `metadata.authority_tier`. */
  readonly id: string;
  /** The lower comes first. @defaultValue 1 */
  readonly priority?: number | undefined;
  /** The tier's heading; blank or absent: the id in square brackets. */
  readonly label?: string | undefined;
}

export interface AuthorityOptions {
  /** What the model should do about tiers; text, not a path. */
  readonly rules?: string | undefined;
  readonly tiers?: readonly AuthorityTier[] | undefined;
  /** The tier of what is retained into a bank, by bank id. */
  readonly tierByBank?: Readonly<Record<string, string>> | undefined;
}

/** The metadata key with a memory's tier. */
export const authorityTierKey = "authority_tier";
