import type { Pipeline } from "../pipeline.js";
import type { BankIndex } from "../bank-index/bank-index.js";
import type { Candidate } from "./candidate.js";
import type { Findings } from "./findings.js";
import { followLinks } from "./follow-links.js";
import { fuseEntries } from "./fuse-entries.js";
import type { Fused } from "./fusion.js";
import { classifyIntent } from "./intent/classify-intent.js";
import { searchBank } from "./search-bank.js";
import { searchStores } from "./search-stores.js";
import type { StrategyInput } from "./strategies/strategy.js";
import { askForSubQueries } from "./sub-queries.js";
import { weighLayers } from "./weigh-layers.js";

/** The index of the bank; none when the preset does without, or the store gives none. */
async function indexOf(
  { indexes, vectorStore, options, logger }: Pipeline,
  { bankId, signal, log }: StrategyInput,
): Promise<BankIndex | undefined> {
  if (options.preset === "reference") return undefined;
  try {
    return await indexes.get(vectorStore, { bankId, signal });
  } catch (error) {
    signal?.throwIfAborted();
    log.isPartial = true;
    // The stores are asked next, and say themselves what is wrong.
    logger.warn("astrocyte.recall.index_failed", {
      bank_id: bankId,
      error: error instanceof Error ? error.name : typeof error,
    });
    return undefined;
  }
}

export interface SearchInput extends StrategyInput {
  readonly external: readonly Candidate[];
  readonly layerWeights: Readonly<Record<string, number>> | undefined;
}

function weighed(
  entries: readonly Fused<Candidate>[],
  { layerWeights, log }: SearchInput,
): readonly Fused<Candidate>[] {
  log.explanations?.fused(entries);
  if (layerWeights === undefined) return entries;
  const weighted = weighLayers(entries, layerWeights);
  log.explanations?.moved("layers", entries, weighted);
  return weighted;
}

/** By the index of the bank, or by the stores when there is none, or the preset says so. */
async function searchOnce(pipeline: Pipeline, input: SearchInput): Promise<Findings> {
  const { log, external } = input;
  const index = await log.stage("index", () => indexOf(pipeline, input));
  const found = await log.stage("search", () =>
    index === undefined
      ? searchStores(pipeline, input, external)
      : searchBank(pipeline, index, input, external),
  );
  return { ...found, entries: weighed(found.entries, input) };
}

async function searchSubQuery(
  pipeline: Pipeline,
  query: string,
  input: SearchInput,
): Promise<readonly Fused<Candidate>[]> {
  const { signal } = input;
  const log = input.log.forPart();
  try {
    const vectors = await pipeline.embedder.embed([query], { inputType: "query", signal });
    const { intent } = classifyIntent(query);
    const asked = { ...input, query, queryVector: vectors?.[0], intent, external: [], log };
    return (await searchOnce(pipeline, asked)).entries;
  } catch (error) {
    signal?.throwIfAborted();
    log.fail("sub_query", error);
    return [];
  } finally {
    input.log.absorb(log);
  }
}

/** Searches again by the sub-questions of a query that nothing is similar to, where the pipeline is told to. */
async function searchSubQueries(
  pipeline: Pipeline,
  input: SearchInput,
  { entries, topSemanticScore }: Findings,
): Promise<readonly Fused<Candidate>[]> {
  const { llm, options } = pipeline;
  const { query, signal, log } = input;
  const { multiQueryConfidenceThreshold = 0.72 } = options;
  const isSure = topSemanticScore >= multiQueryConfidenceThreshold;
  if (options.enableMultiQueryExpansion !== true || llm === undefined) return entries;
  if (isSure || entries.length === 0) return entries;
  const queries = log.take("multi_query", await askForSubQueries(llm, query, { signal }));
  const lists = await Promise.all(queries.map((text) => searchSubQuery(pipeline, text, input)));
  const found = lists.filter((list) => list.length > 0);
  if (found.length === 0) return entries;
  const named = found.map((list, index) => ({ name: `sub_query_${index + 1}`, entries: list }));
  log.explanations?.found(
    named.map(({ name, entries: list }) => ({
      name,
      items: list.map(({ item, fusedScore }) => ({ id: item.id, score: fusedScore })),
    })),
  );
  return fuseEntries([{ name: "query", entries }, ...named], options.rrfK);
}

/** Everything that adds candidates, before any filter and reranking. */
export async function search(pipeline: Pipeline, input: SearchInput): Promise<Findings> {
  const { log } = input;
  const found = await searchOnce(pipeline, input);
  const linked = await log.stage("links", () => followLinks(pipeline, found.entries, input));
  log.explanations?.moved("links", found.entries, linked);
  const entries = await log.stage("multi_query", () =>
    searchSubQueries(pipeline, input, { ...found, entries: linked }),
  );
  log.explanations?.moved("multi_query", linked, entries);
  return { ...found, entries };
}
