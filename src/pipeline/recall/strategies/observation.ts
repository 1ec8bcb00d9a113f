import { isBankId } from "../../../dto/bank-id.js";
import { observationBankId } from "../../../dto/reserved.js";
import type { Pipeline } from "../../pipeline.js";
import { planQuery } from "../plan/query-plan.js";
import { semantic } from "./semantic.js";
import type { Strategy, StrategyInput } from "./strategy.js";

/** What observations count for a query; 0 leaves them out. @remarks Contract 05 section 9.5. */
export function observationWeight(
  { options }: Pipeline,
  { query, intent }: Pick<StrategyInput, "query" | "intent">,
): number {
  const { observationWeight: always = 0, observationInjectionWeight = 1.5 } = options;
  if (always > 0) return always;
  const isBroad = intent === "exploratory" || intent === "relational";
  return isBroad || planQuery(query).promptVariant === "evidence_inference"
    ? observationInjectionWeight
    : 0;
}

/** Whether there may be any; the search of an empty bank costs as much as another. */
function hasObservations({ options }: Pipeline): boolean {
  const { preset, enableObservationConsolidation, observationWeight: always = 0 } = options;
  return preset === "reference" || enableObservationConsolidation === true || always > 0;
}

/** By direction among what was derived from the bank; a filter that derived memories cannot be judged by leaves them out. */
export const observation: Strategy = {
  applies: (pipeline, input) => {
    const { factTypes = [], tags = [], sessionId } = input.filters;
    const isFiltered = factTypes.length > 0 || tags.length > 0 || sessionId !== undefined;
    return (
      input.queryVector !== undefined &&
      !isFiltered &&
      hasObservations(pipeline) &&
      isBankId(observationBankId(input.bankId)) &&
      observationWeight(pipeline, input) > 0
    );
  },
  search: (pipeline, input) =>
    semantic.search(pipeline, { ...input, bankId: observationBankId(input.bankId) }),
};
