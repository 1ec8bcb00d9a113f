import { AstrocyteError, ProviderUnavailableError } from "astrocyte";
import {
  basicRerank,
  contentTerms,
  heuristicRerank,
  isNameShaped,
  modelRerank,
  parseRankedIds,
  rerankWith,
  spreadSessions,
  termsOf,
} from "astrocyte/pipeline";
import { createScriptedLLM } from "astrocyte/testing";
import * as z from "zod";
import { Corrected, NotMapped, type AreaRunner } from "../area-runner.js";
import { readItems, recordedItems, writeItems, type Ranked } from "./recall/ranked-items.js";

const rankInput = z.object({ query: z.string(), items: recordedItems });
const weightsInput = z.object({
  mip_rerank: z
    .object({
      keyword_weight: z.number().nullish(),
      proper_noun_weight: z.number().nullish(),
    })
    .nullish(),
});
const modelInput = rankInput.extend({
  llm_response: z.string().nullable(),
  top_n: z.int().optional(),
  keep_n: z.int().nullish(),
});
const crossEncoderInput = rankInput.extend({
  model_scores: z.array(z.number()).nullable(),
  top_k: z.int().optional(),
});
const textInput = z.object({ text: z.string() });
const tokenInput = z.object({ token: z.string() });
const recordedRanking = z.looseObject({ items: recordedItems });

/** The recorded ranking with the dates that the reference loses on the way. */
function datesKept(actual: unknown, input: unknown, expected: unknown): unknown {
  const { items } = rankInput.parse(input);
  const dates = new Map(items.map(({ id, occurred_at: date }) => [id, date]));
  if (items.every((item) => item["occurred_at"] === undefined)) return actual;
  const ranking = recordedRanking.parse(expected).items.map((item) => {
    const date = dates.get(item.id);
    return date === undefined ? item : { ...item, occurred_at: date };
  });
  return new Corrected(actual, { items: ranking }, "D-54: a rerank keeps the date of the event");
}

function rankBasic(input: unknown, expected: unknown): unknown {
  const { query, items } = rankInput.parse(input);
  const { mip_rerank: rule } = weightsInput.parse(input);
  const ranked = basicRerank(query, readItems(items), {
    keywordWeight: rule?.keyword_weight ?? undefined,
    properNounWeight: rule?.proper_noun_weight ?? undefined,
  });
  return datesKept(writeItems(ranked), input, expected);
}

/** The order that the model asked for, with the heuristic scores of the head dealt out in it. */
function orderedAsAsked(
  head: readonly Ranked[],
  tail: readonly Ranked[],
  reply: string,
  keep: number,
): Ranked[] | undefined {
  const asked = [...reply.matchAll(/"([^"]+)"/g)].map(([, id]) => id);
  const named = [...new Set(asked)].flatMap((id) => head.filter((item) => item.id === id));
  if (named.length === 0) return undefined;
  const order = [...named, ...head.filter((item) => !named.includes(item))];
  const ranked = order.map((item, index) => ({ ...item, score: head[index]?.score ?? 0 }));
  return [...ranked.slice(0, keep === 0 ? undefined : keep), ...tail];
}

async function rankByModel(input: unknown): Promise<unknown> {
  const parsed = modelInput.parse(input);
  const { query, llm_response: reply, top_n: topN = 30 } = parsed;
  const keepN = parsed.keep_n ?? 0;
  const items = readItems(parsed.items);
  const llm = createScriptedLLM({
    responses: [reply ?? new ProviderUnavailableError("scripted", "down")],
  });
  const { value } = await modelRerank(llm, query, items, { topN, keepN });
  const head = heuristicRerank(query, items.slice(0, topN));
  const corrected = orderedAsAsked(head, items.slice(topN), reply ?? "", keepN);
  if (corrected === undefined) return writeItems(value);
  const reason = "05 section 6.9: the order that the model gave is kept";
  return new Corrected(writeItems(value), writeItems(corrected), reason);
}

async function rankByScores(input: unknown): Promise<unknown> {
  const { query, items, model_scores: scores, top_k: topK } = crossEncoderInput.parse(input);
  const { memories, error } = await rerankWith(() => scores ?? [], query, readItems(items), {
    topK,
  });
  if (error !== undefined && !AstrocyteError.isInstance(error)) throw error;
  return writeItems(memories);
}

function tokenize(input: unknown): unknown {
  const { text } = textInput.parse(input);
  return { terms: termsOf(text), content_terms: [...contentTerms(text)].toSorted() };
}

/** The rankings after fusion: by shared words, by sessions, by a model and by an injected reranker. */
export const reranking: AreaRunner = {
  area: "reranking",
  run: ({ category, input, expected }) => {
    switch (category) {
      case "basic":
        return rankBasic(input, expected);
      case "cross_encoder_like": {
        const { query, items } = rankInput.parse(input);
        return datesKept(writeItems(heuristicRerank(query, readItems(items))), input, expected);
      }
      case "diversity": {
        const { query, items } = rankInput.parse(input);
        return writeItems(spreadSessions(query, readItems(items)));
      }
      case "llm_pairwise":
        return rankByModel(input);
      case "parse_ids":
        return { ids: parseRankedIds(textInput.parse(input).text) };
      case "name_token":
        return { is_name: isNameShaped(tokenInput.parse(input).token) };
      case "tokenize":
        return tokenize(input);
      case "cross_encoder":
        return rankByScores(input);
      default:
        return new NotMapped(`no counterpart of ${category}`);
    }
  },
};
