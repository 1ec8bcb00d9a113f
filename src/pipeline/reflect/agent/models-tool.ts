import type { MentalModel } from "../../../dto/mental-model.js";
import type { MemoryHit } from "../../../dto/recall.js";
import { contentTerms, termsOf } from "../../recall/rerank/terms.js";
import type { SearchContext } from "./search-tools.js";
import { parametersOf, reason, textArgument, type Tool } from "./tool.js";

const mostModels = 5;

function toHit({ modelId, bankId, title, content, refreshedAt }: MentalModel): MemoryHit {
  return {
    memoryId: modelId,
    bankId,
    text: `${title}\n${content}`,
    score: 0,
    factType: "mental_model",
    memoryLayer: "mental_model",
    retainedAt: refreshedAt,
  };
}

/** The share of the query's terms that a model holds, as its score; those that hold most first, else in their order. */
function byTerms(query: string, models: readonly MentalModel[]): MemoryHit[] {
  const wanted = [...contentTerms(query)];
  return models
    .map(toHit)
    .map((hit) => {
      const held = new Set(termsOf(hit.text));
      const shared = wanted.filter((term) => held.has(term)).length;
      return { ...hit, score: wanted.length === 0 ? 0 : shared / wanted.length };
    })
    .toSorted((a, b) => b.score - a.score);
}

/**
 * Searches the mental models of the bank; undefined where there is no store of them, and where tags are asked for, which a
 * model does not have. Directives are rules for an agent, and no evidence.
 */
export function modelsTool({ pipeline, request, options }: SearchContext): Tool | undefined {
  const { mentalModelStore } = pipeline;
  const { bankId, tags = [], asOf } = request;
  if (mentalModelStore === undefined || tags.length > 0) return undefined;
  return {
    definition: {
      name: "search_mental_models",
      description: "Searches what is held to be true of the bank or of someone in it.",
      parameters: parametersOf(
        {
          query: { type: "string", description: "What to look for." },
          scope: { type: "string", description: "Whom or what it is about, such as person:alice." },
          reason,
        },
        ["scope"],
      ),
    },
    run: async (args) => {
      const query = textArgument(args, "query");
      const { scope } = args;
      const models = await mentalModelStore.listModels({
        bankId,
        scope: typeof scope === "string" && scope !== "" ? scope : undefined,
        signal: options.signal,
      });
      const known = models.filter(
        ({ kind, refreshedAt }) =>
          kind !== "directive" && (asOf === undefined || refreshedAt <= asOf),
      );
      return byTerms(query, known).slice(0, mostModels);
    },
  };
}
