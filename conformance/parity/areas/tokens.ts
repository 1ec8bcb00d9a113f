import {
  enforceTokenBudget,
  heuristicTokenCount,
  loadTiktokenCounter,
  packToBudget,
  type TokenCounter,
} from "astrocyte/policy";
import * as z from "zod";
import { Corrected, NotMapped, Projection, type AreaRunner } from "../area-runner.js";

const textInput = z.object({ text: z.string() });
const budgetInput = z.object({
  counter: z.string(),
  max_tokens: z.number().nullable(),
  texts: z.array(z.string()),
});

const loading = loadTiktokenCounter("cl100k_base");

async function counterNamed(name: string): Promise<TokenCounter> {
  return name === "heuristic" ? heuristicTokenCount : loading;
}

async function count(input: unknown): Promise<unknown> {
  const { text } = textInput.parse(input);
  const cl100k = (await loading)(text);
  return {
    heuristic: heuristicTokenCount(text),
    cl100k,
    token_budget_cl100k: text === "" ? 0 : cl100k,
  };
}

async function enforceBudget(input: unknown): Promise<unknown> {
  const { counter, max_tokens: maxTokens, texts } = budgetInput.parse(input);
  const { hits, truncated } = enforceTokenBudget(
    texts.map((text) => ({ text })),
    maxTokens ?? undefined,
    await counterNamed(counter),
  );
  return { kept: hits.map(({ text }) => text), truncated };
}

async function pack(input: unknown): Promise<unknown> {
  const { counter, max_tokens: maxTokens, texts } = budgetInput.parse(input);
  const hits = texts.map((text, index) => ({ text, index }));
  const kept = packToBudget(
    hits,
    maxTokens ?? Number.POSITIVE_INFINITY,
    await counterNamed(counter),
  );
  return { kept_indexes: kept.map(({ index }) => index) };
}

/** An encoder that has the special tokens, and is told to take none of them as such. */
async function countSpecial(input: unknown): Promise<unknown> {
  const { text } = textInput.parse(input);
  const { Tiktoken } = await import("js-tiktoken/lite");
  const { default: encoding } = await import("js-tiktoken/ranks/cl100k_base");
  return new Corrected(
    (await loading)(text),
    new Tiktoken(encoding).encode(text, [], []).length,
    "04 section 5: the names of special tokens are text like any other",
  );
}

/** The token counters, and the two ways of keeping to a budget. */
export const tokens: AreaRunner = {
  area: "homeostasis_tokens",
  run: ({ fn, category, input, expected, reference_bug: isBug }) => {
    if (category === "special_tokens" && isBug === true) return countSpecial(input);
    if (category === "count")
      return count(input).then((actual) => new Projection(actual, expected));
    if (fn === "homeostasis.enforce_token_budget") return enforceBudget(input);
    return fn === "token_budget.pack_to_budget"
      ? pack(input)
      : new NotMapped(`no counterpart of ${fn ?? category}`);
  },
};
