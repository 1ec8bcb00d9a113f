import { enforceTokenBudget, heuristicTokenCount } from "astrocyte/policy";
import * as z from "zod";
import { NotMapped, Projection, type AreaRunner } from "../area-runner.js";

const budgetInput = z.object({
  counter: z.string(),
  max_tokens: z.int().nullable(),
  texts: z.array(z.string()),
});

function enforceBudget(input: unknown): unknown {
  const { counter, max_tokens: maxTokens, texts } = budgetInput.parse(input);
  if (counter !== "heuristic") return new NotMapped(`no ${counter} counter`);
  const { hits, truncated } = enforceTokenBudget(
    texts.map((text) => ({ text })),
    maxTokens ?? undefined,
  );
  return { kept: hits.map(({ text }) => text), truncated };
}

/** The heuristic token counter, and the budget that recall keeps to. */
export const tokens: AreaRunner = {
  area: "homeostasis_tokens",
  run: ({ fn, category, input, expected }) => {
    if (category === "count") {
      const { text } = z.object({ text: z.string() }).parse(input);
      const recorded = z.object({ heuristic: z.int() }).parse(expected).heuristic;
      return new Projection(heuristicTokenCount(text), recorded);
    }
    return fn === "homeostasis.enforce_token_budget"
      ? enforceBudget(input)
      : new NotMapped(`no counterpart of ${fn ?? category}`);
  },
};
