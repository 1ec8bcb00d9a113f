import * as z from "zod";
import { parseShape } from "../dto/parse.js";
import { signNames } from "./bank-index/ranking-weights.js";

const positiveInteger = z.int().positive();

const pipelineOptionsSchema = z.strictObject({
  /**
   * How memories are ranked. `default` looks at the whole bank: words, meaning, neighbours, conversations. `reference` fuses the
   * searches of the stores by rank, as the other implementations of the contract do. @defaultValue "default"
   */
  preset: z.enum(["default", "reference"]).optional(),
  /** How content is cut when neither a rule nor its content type says. @defaultValue "sentence" */
  chunkStrategy: z.enum(["dialogue", "fixed", "paragraph", "sentence"]).optional(),
  /** Most code points in a chunk. @defaultValue 512 */
  maxChunkSize: positiveInteger.optional(),
  /** Damps the head in rank fusion; unitless. @defaultValue 60 */
  rrfK: z.number().nonnegative().optional(),
  /** What each strategy's ranking counts in the fusion; 0 leaves it out. @defaultValue 1, for `temporal` 0.1 */
  strategyWeights: z.record(z.string(), z.number().nonnegative()).optional(),
  /**
   * What each sign of a memory counts in the ranking of the preset `default`; 0 leaves it out, and those not given keep their
   * weights, which are fitted to each other.
   */
  rankingWeights: z.partialRecord(z.enum(signNames), z.number()).optional(),
  /** Candidates each strategy is asked for, as a multiple of `maxResults`. @defaultValue 5 */
  overfetch: positiveInteger.optional(),
  /**
   * Whether a model names the entities of a content, when there is a graph store and no profile says otherwise: one call a
   * content. Without it, the people that `metadata.person` names are taken. @defaultValue false
   */
  enableEntityExtraction: z.boolean().optional(),
  /**
   * Whether a model draws observations from what is retained: one call a content, after the retain has returned. They are kept
   * in the bank `<bank>::obs`; needs embeddings. @defaultValue false
   */
  enableObservationConsolidation: z.boolean().optional(),
  /** Whether recency is a signal of its own. @defaultValue true */
  enableTemporalRetrieval: z.boolean().optional(),
  /** Days after which a memory's recency score is halved; 0 or less makes all equal. @defaultValue 7 */
  temporalHalfLifeDays: z.number().optional(),
  /** Most memories looked at for recency in a store that cannot list the newest first. @defaultValue 500 */
  temporalScanCap: positiveInteger.optional(),
  /** Whether the wording of a query shifts the weights of the strategies; only with the preset `reference`. @defaultValue true */
  enableIntentAwareRecall: z.boolean().optional(),
  /**
   * Whether a model cuts a query into sub-questions when nothing similar is found: one call, and up to three more searches.
   * @defaultValue false
   */
  enableMultiQueryExpansion: z.boolean().optional(),
  /** Similarity of the best hit from which a query is not cut. @defaultValue 0.72 */
  multiQueryConfidenceThreshold: z.number().optional(),
  /** Whether a model writes what an answering memory might say, to search for that: one call a recall. @defaultValue false */
  enableHyde: z.boolean().optional(),
  /**
   * Whether a model names the entities of a query for the search of the graph: one call a recall. Without it, the preset
   * `default` takes capitalised words for names, and `reference` does not search the graph. @defaultValue false
   */
  enableQueryEntityExtraction: z.boolean().optional(),
  /** What observations count in the fusion for every query. @defaultValue 0 */
  observationWeight: z.number().nonnegative().optional(),
  /** What they count for exploratory, relational and inferring queries, where the weight is 0. @defaultValue 1.5 */
  observationInjectionWeight: z.number().nonnegative().optional(),
  /** Whether a model orders the head of the list: one call a recall. @defaultValue "heuristic" */
  finalRerankMode: z.enum(["heuristic", "llm_pairwise"]).optional(),
  /** Memories that this model sees. @defaultValue 30 */
  finalRerankTopN: positiveInteger.optional(),
  /** How many of these are kept. @defaultValue all */
  finalRerankKeepN: positiveInteger.optional(),
  /** Memories from the head of the list that an injected `reranker` scores. @defaultValue 30 */
  rerankTopK: positiveInteger.optional(),
});

/** The knobs of the built-in pipeline. */
export type PipelineOptions = Readonly<z.infer<typeof pipelineOptionsSchema>>;

/** @throws InvalidArgumentError that names every unknown or unusable knob. */
export function parsePipelineOptions(options: unknown): PipelineOptions {
  return parseShape(pipelineOptionsSchema, options, "pipeline");
}
