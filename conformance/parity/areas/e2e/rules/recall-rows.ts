import * as z from "zod";
import type { ReplayedStep } from "../replay.js";
import type { Rule, RuleContext } from "./rule.js";

const hitSchema = z.looseObject({ id: z.string(), fact_type: z.string().optional() });
const recallSchema = z.looseObject({
  hits: z.array(hitSchema),
  trace: z.looseObject({ strategies_used: z.array(z.string()) }).optional(),
});
type Recalled = z.infer<typeof recallSchema>;

/** Both results of a recall, when the step is one and has both. */
function recallsOf(
  { replayed: { step } }: RuleContext,
  ...results: unknown[]
): [own: Recalled, recorded: Recalled] | undefined {
  const parsed = z.tuple([recallSchema, recallSchema]).safeParse(results);
  const isRecall = step.op === "recall" || step.op === "history";
  return isRecall && parsed.success ? parsed.data : undefined;
}

const strategyOfTarget: Readonly<Record<string, string>> = {
  "vector.search_similar": "semantic",
  "vector.list_vectors": "temporal",
  "document.search_fulltext": "keyword",
  "graph.query_neighbors": "graph",
};

/** The strategies whose provider a script lets fail just before a step. */
function failingAt(steps: readonly ReplayedStep[], index: number): Set<string> {
  const failing = new Set<string>();
  for (const { step } of steps.slice(0, index)) {
    const strategy = strategyOfTarget[String(step["target"])];
    if (strategy === undefined) continue;
    if (step.op === "fail") failing.add(strategy);
    if (step.op === "repair") failing.delete(strategy);
  }
  return failing;
}

/** A strategy that failed was not used; when every one failed, the recall fails. */
export const failedStrategies: Rule = (context, { actual, expected }) => {
  const failing = failingAt(context.steps, context.index);
  const recorded = recallSchema.safeParse(expected.result);
  if (failing.size === 0 || context.replayed.step.op !== "recall" || !recorded.success) {
    return undefined;
  }
  const { trace } = recorded.data;
  if (trace === undefined) return undefined;
  const used = trace.strategies_used.filter((name) => !failing.has(name));
  const reason =
    "05 section 5: a strategy that failed was not used, and an outage of all is an error";
  if (used.length === 0) {
    const error = { class: "RuntimeError", message: "boom" };
    return { actual, expected: { ...expected, result: undefined, error }, reason };
  }
  const result = { ...recorded.data, trace: { ...trace, strategies_used: used } };
  return { actual, expected: { ...expected, result }, reason };
};

/** A recall for no result at all counts as one for the best one. */
export const atLeastOneResult: Rule = (context, { actual, expected }) => {
  const recalls = recallsOf(context, actual.result, expected.result);
  const { step, before } = context.replayed;
  const asked = step["max_results"];
  if (recalls === undefined || typeof asked !== "number" || asked > 0) return undefined;
  const [own] = recalls;
  // How much several banks hold is not known here.
  const due = step["banks"] === undefined ? Math.min(1, before.length) : own.hits.length;
  return {
    actual: { ...actual, result: { hits: own.hits.length } },
    expected: { ...expected, result: { hits: Math.min(1, due) } },
    reason: "05 section 4: maxResults is at least 1",
  };
};

/** The recording's name for a memory that was stored; a hit from elsewhere has another id. */
const isStored = /^m\d+$/;

/** What full text alone found is completed from the vector store. */
export const completeHits: Rule = (context, { actual, expected }) => {
  const recalls = recallsOf(context, actual.result, expected.result);
  if (recalls === undefined) return undefined;
  const [own, recorded] = recalls;
  const hits = recorded.hits.map((hit) =>
    hit.fact_type === undefined && isStored.test(hit.id) ? { ...hit, fact_type: "world" } : hit,
  );
  const isSame = hits.every((hit, index) => hit === recorded.hits[index]);
  if (isSame || own.hits.length !== recorded.hits.length) return undefined;
  return {
    actual,
    expected: { ...expected, result: { ...recorded, hits } },
    reason: "D-12: every hit is completed from the vector store",
  };
};

/** The in-memory graph puts the memory with more entities first among equally near ones, the reference the older one. */
export const graphTies: Rule = (context, { actual, expected }) => {
  const recalls = recallsOf(context, actual.result, expected.result);
  if (recalls?.[1].trace?.strategies_used.includes("graph") !== true) return undefined;
  const [own, recorded] = recalls.map((recalled) => ({
    ...recalled,
    hits: recalled.hits.map(({ id }) => id).toSorted(),
  }));
  return {
    actual: { ...actual, result: own },
    expected: { ...expected, result: recorded },
  };
};
