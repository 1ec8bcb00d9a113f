import { timestampMs } from "../../dto/timestamp.js";
import type { VectorFilters } from "../../dto/vector.js";
import { DimensionMismatchError } from "../../errors.js";
import type { BankIndex } from "../bank-index/bank-index.js";
import { rankMemories, type RankedMemory, type RankRequest } from "../bank-index/rank-memories.js";
import type { Pipeline } from "../pipeline.js";
import { candidateFromItem } from "./candidate.js";
import type { Findings } from "./findings.js";
import type { RecallLog } from "./recall-log.js";
import { byScore } from "./rerank/ranked-memory.js";
import { isSuspect, isWanted, type Wanted } from "./wanted.js";

export interface RankBankInput extends Wanted {
  readonly query: string;
  readonly queryVector: readonly number[] | undefined;
  readonly limit: number;
  readonly log: RecallLog;
}

/** Which memories may be returned; undefined when all may, so that none is looked at for it. */
function acceptance(filters: VectorFilters, excludeSuspects: boolean): RankRequest["accepts"] {
  const hasFilters = Object.values(filters).some((filter) => filter !== undefined);
  if (!hasFilters) return excludeSuspects ? (item) => !isSuspect(item) : undefined;
  return (item) => isWanted(item, { filters, excludeSuspects });
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

/** The places by meaning and by words are those among the memories that are returned. */
function explain({ explanations }: RecallLog, memories: readonly RankedMemory[]): void {
  if (explanations === undefined) return;
  const lists = [
    { name: "ranking", scoreOf: ({ score }: RankedMemory) => score },
    { name: "semantic", scoreOf: ({ similarity }: RankedMemory) => similarity },
    { name: "keyword", scoreOf: ({ words }: RankedMemory) => words },
  ].map(({ name, scoreOf }) => {
    const items = memories.map((memory) => ({ id: memory.item.id, score: scoreOf(memory) }));
    const found = name === "ranking" ? items : items.filter(({ score }) => score > 0);
    return { name, items: byScore(found) };
  });
  explanations.found(lists);
  for (const { item, parts } of memories) explanations.signs(item.id, parts);
}

/**
 * Ranks a bank by its index.
 *
 * @throws DimensionMismatchError when the query's vector does not fit the bank's.
 */
export function rankBank(pipeline: Pipeline, index: BankIndex, input: RankBankInput): Findings {
  const { query, queryVector, filters, limit, excludeSuspects, log } = input;
  const { clock, vectorStore, options } = pipeline;
  if (queryVector !== undefined && index.dimension > 0 && queryVector.length !== index.dimension) {
    throw new DimensionMismatchError(vectorStore.name, index.dimension, queryVector.length);
  }
  const start = clock.monotonic();
  const ranked = rankMemories(index, {
    query,
    queryVector,
    accepts: acceptance(filters, excludeSuspects),
    limit,
    nowMs: filters.asOf === undefined ? clock.now() : timestampMs(filters.asOf),
    weights: options.rankingWeights,
  });
  const milliseconds = clock.monotonic() - start;
  explain(log, ranked.memories);
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
