import type { MemoryHit } from "../../dto/recall.js";
import type { ReflectRequest } from "../../dto/reflect.js";
import { enforceTokenBudget } from "../../policy/tokens.js";
import type { Pipeline } from "../pipeline.js";
import type { QueryPlan } from "../recall/plan/query-plan.js";
import { recall, type RecallCallOptions } from "../recall/recall.js";
import { heuristicRerank } from "../recall/rerank/heuristic-rerank.js";
import { evidenceRequest } from "./evidence-request.js";
import { sourcesOfHits } from "./expand-sources.js";
import type { ReflectLog } from "./reflect-log.js";

export interface Evidence {
  readonly hits: readonly MemoryHit[];
  /** Similarity of the best memory by meaning; 0 when nothing was found by meaning. */
  readonly topSemanticScore: number;
}

/** Tokens that the evidence may have together. */
export function evidenceTokens(
  { options, reflectSettings }: Pipeline,
  { maxTokens }: ReflectRequest,
): number | undefined {
  if (options.preset === "reference") return maxTokens;
  return reflectSettings.evidenceTokens ?? maxTokens;
}

/** In the order of a ranking by words, where the contract has one; the hits keep the scores of the recall. */
function inEvidenceOrder(
  { options, reranker }: Pipeline,
  query: string,
  hits: readonly MemoryHit[],
): readonly MemoryHit[] {
  // The default ranking and an injected reranker know better.
  if (options.preset !== "reference" || reranker !== undefined) return hits;
  const ranked = hits.map((hit) => ({ ...hit, id: hit.memoryId ?? "", hit }));
  return heuristicRerank(query, ranked).map(({ hit }) => hit);
}

/** Recalls as the plan says, ranks, adds the sources of derived memories, and cuts to size and budget. */
export async function gatherEvidence(
  pipeline: Pipeline,
  request: ReflectRequest,
  plan: QueryPlan,
  log: ReflectLog,
  options: RecallCallOptions,
): Promise<Evidence> {
  const maxTokens = evidenceTokens(pipeline, request);
  const recalled = await recall(
    pipeline,
    evidenceRequest(request, { maxResults: plan.recallMaxResults, maxTokens }),
    options,
  );
  log.addUsage(recalled.usage);
  const ordered = inEvidenceOrder(pipeline, request.query, recalled.hits);
  const hits = ordered.slice(0, plan.rankLimit);
  const known = new Set(hits.map(({ memoryId }) => memoryId));
  const room = plan.expandLimit - hits.length;
  const added = await sourcesOfHits(pipeline, request, hits, known, room, options).catch(
    (error: unknown) => {
      options.signal?.throwIfAborted();
      log.fail("source_expansion", error);
      return [];
    },
  );
  const budgeted = enforceTokenBudget([...hits, ...added], maxTokens, pipeline.countTokens);
  return { hits: budgeted.hits, topSemanticScore: recalled.topSemanticScore };
}
