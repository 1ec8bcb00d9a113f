import * as z from "zod";
import { parseShape } from "../dto/parse.js";

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
  /** Candidates each strategy is asked for, as a multiple of `maxResults`. @defaultValue 5 */
  overfetch: positiveInteger.optional(),
  /** Whether recency is a signal of its own. @defaultValue true */
  enableTemporalRetrieval: z.boolean().optional(),
  /** Days after which a memory's recency score is halved; 0 or less makes all equal. @defaultValue 7 */
  temporalHalfLifeDays: z.number().optional(),
  /** Most memories looked at for recency in a store that cannot list the newest first. @defaultValue 500 */
  temporalScanCap: positiveInteger.optional(),
});

/** The knobs of the built-in pipeline. */
export type PipelineOptions = Readonly<z.infer<typeof pipelineOptionsSchema>>;

/** @throws InvalidArgumentError that names every unknown or unusable knob. */
export function parsePipelineOptions(options: unknown): PipelineOptions {
  return parseShape(pipelineOptionsSchema, options, "pipeline");
}
