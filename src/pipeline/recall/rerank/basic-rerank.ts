import type { PipelineSpec } from "../../../dto/pipeline-spec.js";
import { proofBonus } from "./layer-boost.js";
import { properNouns } from "./names.js";
import { byScore, type RankedMemory } from "./ranked-memory.js";
import { countShared, questionWords, termsOf } from "./terms.js";

/** A routing rule's weights. */
export type BasicRerankOptions = NonNullable<PipelineSpec["rerank"]>;

/**
 * Adds to each score what query and memory share in words: 0.05 a term, 0.1 a proper noun, and the proof bonus of
 * observations. The bonuses are larger than scores of rank fusion, so that shared words decide. All other fields stay.
 *
 * @remarks Contract 05 section 6.8.
 */
export function basicRerank<Memory extends RankedMemory>(
  query: string,
  memories: readonly Memory[],
  { keywordWeight = 0.05, properNounWeight = 0.1 }: BasicRerankOptions = {},
): Memory[] {
  const terms = new Set(termsOf(query).filter((term) => !questionWords.has(term)));
  const names = properNouns(query);
  return byScore(
    memories.map((memory) => {
      const held = new Set(termsOf(memory.text));
      const shared = keywordWeight * countShared(terms, held);
      const named = properNounWeight * countShared(names, held);
      return { ...memory, score: memory.score + shared + named + proofBonus(memory) };
    }),
  );
}
