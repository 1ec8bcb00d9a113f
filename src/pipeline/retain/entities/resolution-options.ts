import { ConfigError } from "../../../errors.js";

/** When two names are taken for one entity. Similarities, confidences and weights lie in `[0, 1]`. */
export interface ResolutionOptions {
  /** Name similarity from which no further evidence is needed. */
  readonly nameThreshold: number;
  /** Similarity of embeddings from which no further evidence is needed. */
  readonly embeddingThreshold: number;
  /** Composite score from which no further evidence is needed. */
  readonly compositeThreshold: number;
  /** Similarity below which a candidate is not looked at. */
  readonly skipThreshold: number;
  /** Least name similarity of a candidate that a store which scores them is asked for. */
  readonly candidateThreshold: number;
  /** The same for a store that only finds names. */
  readonly similarityThreshold: number;
  /** Confidence from which the model's word joins. */
  readonly confirmationThreshold: number;
  readonly maxCandidates: number;
  /** Whether the model is asked about what stays open. */
  readonly askModel: boolean;
  readonly nameWeight: number;
  readonly coOccurrenceWeight: number;
  readonly recencyWeight: number;
  /** Days after which an entity last seen is no nearer than any other. */
  readonly recencyWindowDays: number;
  /** Most that an often mentioned entity gains. */
  readonly mentionBonus: number;
  /** Mentions that gain most. */
  readonly mentionSaturation: number;
}

const defaultResolutionOptions: ResolutionOptions = {
  nameThreshold: 0.95,
  embeddingThreshold: 0.92,
  compositeThreshold: 0.6,
  skipThreshold: 0.5,
  candidateThreshold: 0.15,
  similarityThreshold: 0.8,
  confirmationThreshold: 0.75,
  maxCandidates: 3,
  askModel: true,
  nameWeight: 0.5,
  coOccurrenceWeight: 0.3,
  recencyWeight: 0.2,
  recencyWindowDays: 7,
  mentionBonus: 0.05,
  mentionSaturation: 50,
};

const shares = [
  "nameThreshold",
  "embeddingThreshold",
  "compositeThreshold",
  "skipThreshold",
  "candidateThreshold",
  "similarityThreshold",
  "confirmationThreshold",
  "nameWeight",
  "coOccurrenceWeight",
  "recencyWeight",
  "mentionBonus",
] as const;

/**
 * The options with their defaults.
 *
 * @throws ConfigError that names a setting which is out of its range, or a `skipThreshold` above `nameThreshold`.
 */
export function resolutionOptions(given: Partial<ResolutionOptions> = {}): ResolutionOptions {
  const options = { ...defaultResolutionOptions, ...given };
  for (const name of shares) {
    if (!(options[name] >= 0 && options[name] <= 1)) {
      throw new ConfigError(`${name}: expected a number in [0, 1], got ${options[name]}`);
    }
  }
  if (options.skipThreshold > options.nameThreshold) {
    throw new ConfigError(
      `skipThreshold: ${options.skipThreshold} is above nameThreshold ${options.nameThreshold}, so that nothing between them could be decided`,
    );
  }
  if (!(options.recencyWindowDays > 0) || !Number.isFinite(options.recencyWindowDays)) {
    throw new ConfigError(
      `recencyWindowDays: expected more than 0, got ${options.recencyWindowDays}`,
    );
  }
  for (const name of ["maxCandidates", "mentionSaturation"] as const) {
    if (!Number.isSafeInteger(options[name]) || options[name] < 1) {
      throw new ConfigError(`${name}: expected a whole number of at least 1, got ${options[name]}`);
    }
  }
  return options;
}
