import * as z from "zod";
import type { Rule } from "./rule.js";

const recallSchema = z.looseObject({
  hits: z.array(z.looseObject({ id: z.string(), score: z.number() })),
});
const orderSchema = z.object({ ranked_ids: z.array(z.string()) });

/** The memories that a scripted turn names, best first; none when it is no such answer. */
function namedIn(turn: unknown): string[] {
  try {
    const { ranked_ids: ids } = orderSchema.parse(JSON.parse(String(turn)));
    return ids.map((id) => id.replace(/^\{\{(\w+)\}\}$/, "$1"));
  } catch {
    return [];
  }
}

/** A model that is asked for the order is followed; the reference sorts by score afterwards. */
export const modelOrder: Rule = ({ scenario, steps, replayed, index }, { actual, expected }) => {
  const { pipeline, llm } = scenario.setup;
  const recorded = recallSchema.safeParse(expected.result);
  if (pipeline?.["final_rerank_mode"] !== "llm_pairwise") return undefined;
  if (replayed.step.op !== "recall" || !recorded.success) return undefined;
  const turns = llm?.scripts["rerank"] ?? [];
  const turn = steps
    .slice(0, index)
    .filter(({ recorded: row }) => row.llm_calls?.["rerank"]).length;
  const named = namedIn(turns[Math.min(turn, turns.length - 1)]);
  const { hits } = recorded.data;
  const first = named.flatMap((id) => hits.filter((hit) => hit.id === id));
  if (first.length === 0) return undefined;
  const ordered = [...first, ...hits.filter((hit) => !first.includes(hit))];
  const dealt = ordered.map((hit, place) => ({ ...hit, score: hits[place]?.score ?? 0 }));
  return {
    actual,
    expected: { ...expected, result: { ...recorded.data, hits: dealt } },
    reason: "05 section 6.9: a model that orders the head of the list is followed",
  };
};
