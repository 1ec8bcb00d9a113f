import type { Entity } from "../../../dto/graph.js";
import { matchesFilters } from "../../../dto/filters.js";
import type { GraphStore } from "../../../spi/graph-store.js";
import type { Pipeline } from "../../pipeline.js";
import { extractEntities } from "../../retain/entities/extract-entities.js";
import { hydrate } from "../hydrate.js";
import { properNouns } from "../rerank/names.js";
import type { Strategy, StrategyInput } from "./strategy.js";

const mostNames = 8;
const entitiesForName = 3;
const depth = 2;

function asksModel({ options, llm }: Pipeline): boolean {
  return options.enableQueryEntityExtraction === true && llm !== undefined;
}

/** The names in a query: a model's, or the capitalised words. */
async function namesIn(
  pipeline: Pipeline,
  { query, log, signal }: StrategyInput,
): Promise<string[]> {
  const { llm, createId } = pipeline;
  if (!asksModel(pipeline) || llm === undefined) return [...properNouns(query)];
  const outcome = await extractEntities(llm, query, createId, { signal });
  return log.take("query_entities", outcome).map(({ name }) => name);
}

async function entitiesFor(
  graphStore: GraphStore,
  names: readonly string[],
  { bankId, signal }: StrategyInput,
): Promise<string[]> {
  const options = { bankId, limit: entitiesForName, signal };
  const found: Entity[] = [];
  for (const name of names.slice(0, mostNames)) {
    found.push(...(await graphStore.queryEntities(name, options)));
  }
  return [...new Set(found.map(({ id }) => id))];
}

/** By the entities that the query names: memories that the graph connects to them. */
export const graph: Strategy = {
  applies: (pipeline, { query }) =>
    pipeline.graphStore !== undefined &&
    (asksModel(pipeline) ||
      (pipeline.options.preset !== "reference" && properNouns(query).size > 0)),
  search: async (pipeline, input) => {
    const { graphStore } = pipeline;
    const { bankId, filters, limit, signal } = input;
    if (graphStore === undefined) return [];
    const entityIds = await entitiesFor(graphStore, await namesIn(pipeline, input), input);
    if (entityIds.length === 0) return [];
    const options = { bankId, maxDepth: depth, limit, signal };
    const hits = await graphStore.queryNeighbors(entityIds, options);
    const bare = hits.map(({ memoryId, score }) => ({ id: memoryId, score }));
    const candidates = await hydrate(pipeline, bare, { bankId, signal });
    return candidates.filter((candidate) => matchesFilters(candidate, filters));
  },
};
