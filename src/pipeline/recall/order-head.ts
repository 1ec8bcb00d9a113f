import type { CallOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";
import type { Candidate } from "./candidate.js";
import type { Fused } from "./fusion.js";
import type { RecallLog } from "./recall-log.js";
import { basicRerank } from "./rerank/basic-rerank.js";
import { modelRerank } from "./rerank/model-rerank.js";
import { rerankWith } from "./rerank/rerank-with.js";
import { spreadSessions } from "./rerank/spread-sessions.js";
import { fromRankedEntries, toRankedEntries } from "./rescore.js";

type Entries = readonly Fused<Candidate>[];

/** Asks a model for the order of the head, or spreads sessions, as the preset and its knobs say. */
async function arrange(
  { options, llm }: Pipeline,
  query: string,
  entries: Entries,
  log: RecallLog,
  { signal }: CallOptions,
): Promise<Entries> {
  const { finalRerankMode, finalRerankTopN, finalRerankKeepN, preset } = options;
  if (finalRerankMode === "llm_pairwise" && llm !== undefined) {
    const sizes = { topN: finalRerankTopN, keepN: finalRerankKeepN, signal };
    const outcome = await modelRerank(llm, query, toRankedEntries(entries), sizes);
    const ordered = fromRankedEntries(log.take("model_rerank", outcome));
    log.explanations?.moved("model_rerank", entries, ordered);
    return ordered;
  }
  if (preset !== "reference") return entries;
  const spread = fromRankedEntries(spreadSessions(query, toRankedEntries(entries)));
  log.explanations?.moved("diversity", entries, spread);
  return spread;
}

/** Scores by the reranker of the host order the head; the scores that were there are dealt out in the new order. */
async function followReranker(
  { reranker, options }: Pipeline,
  query: string,
  entries: Entries,
  log: RecallLog,
  { signal }: CallOptions,
): Promise<Entries> {
  if (reranker === undefined || entries.length === 0) return entries;
  const { memories, error } = await rerankWith(reranker, query, toRankedEntries(entries), {
    topK: options.rerankTopK,
    signal,
  });
  if (error !== undefined) {
    log.fail("reranker", error);
    return entries;
  }
  const head = memories.slice(0, options.rerankTopK ?? 30);
  log.explanations?.found([{ name: "reranker", items: head }]);
  const dealt = memories.map(({ entry }, index) => ({
    ...entry,
    fusedScore: entries[index]?.fusedScore ?? 0,
  }));
  log.explanations?.moved("reranker", entries, dealt);
  return dealt;
}

/**
 * Puts the candidates in their last order: in the preset `reference` by shared words and spread over sessions, then by a model
 * and by the host's reranker where there is one. Each of these that fails leaves the order as it is.
 */
export async function orderHead(
  pipeline: Pipeline,
  query: string,
  entries: Entries,
  log: RecallLog,
  options: CallOptions,
): Promise<Entries> {
  let ordered = entries;
  if (pipeline.options.preset === "reference") {
    ordered = fromRankedEntries(basicRerank(query, toRankedEntries(entries)));
    log.explanations?.moved("shared_words", entries, ordered);
  }
  const arranged = await arrange(pipeline, query, ordered, log, options);
  return followReranker(pipeline, query, arranged, log, options);
}
