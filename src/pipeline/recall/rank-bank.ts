import { matchesFilters } from "../../dto/filters.js";
import { suspectKey } from "../../dto/reserved.js";
import { timestampMs } from "../../dto/timestamp.js";
import type { VectorFilters } from "../../dto/vector.js";
import { DimensionMismatchError } from "../../errors.js";
import type { BankIndex } from "../bank-index/bank-index.js";
import { rankMemories, type RankedMemory } from "../bank-index/rank-memories.js";
import type { Pipeline } from "../pipeline.js";
import { candidateFromItem } from "./candidate.js";
import type { Findings } from "./findings.js";

export interface RankBankInput {
  readonly query: string;
  readonly queryVector: readonly number[] | undefined;
  readonly filters: VectorFilters;
  readonly limit: number;
  readonly excludeSuspects: boolean;
}

/** What speaks for a memory: its meaning, its words, or the words around it. */
function foundBy({ similarity, words, wideWords }: RankedMemory): string[] {
  return [
    ...(similarity > 0 ? ["semantic"] : []),
    ...(words > 0 ? ["keyword"] : []),
    ...(words === 0 && wideWords > 0 ? ["context"] : []),
  ];
}

/** Between 0 and 1, in the order of the sums. */
function squash(sum: number): number {
  return 1 / (1 + Math.exp(-sum / 4));
}

/**
 * Ranks a bank by its index.
 *
 * @throws DimensionMismatchError when the query's vector does not fit the bank's.
 */
export function rankBank(pipeline: Pipeline, index: BankIndex, input: RankBankInput): Findings {
  const { query, queryVector, filters, limit, excludeSuspects } = input;
  const { clock, vectorStore } = pipeline;
  if (queryVector !== undefined && index.dimension > 0 && queryVector.length !== index.dimension) {
    throw new DimensionMismatchError(vectorStore.name, index.dimension, queryVector.length);
  }
  const start = clock.monotonic();
  const ranked = rankMemories(index, {
    query,
    queryVector,
    accepts: (item) =>
      matchesFilters(item, filters) &&
      !(excludeSuspects && item.metadata?.[suspectKey] !== undefined),
    limit,
    nowMs: filters.asOf === undefined ? clock.now() : timestampMs(filters.asOf),
  });
  const milliseconds = clock.monotonic() - start;
  return {
    entries: ranked.memories.map((memory) => ({
      item: candidateFromItem(memory.item, memory.similarity),
      fusedScore: squash(memory.score),
      foundBy: foundBy(memory),
    })),
    topSemanticScore: ranked.topSimilarity,
    trace: {
      strategiesUsed: [...(queryVector === undefined ? [] : ["semantic"]), "keyword", "context"],
      totalCandidates: ranked.candidates,
      fusionMethod: "standardised_sum",
      strategyTimingsMs: { ranking: milliseconds },
      strategyCandidateCounts: { ranking: ranked.candidates },
    },
  };
}
