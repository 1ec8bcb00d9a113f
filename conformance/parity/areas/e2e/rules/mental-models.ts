import * as z from "zod";
import type { Rule } from "./rule.js";

/** A missing store is a matter of configuration here, and a runtime error in the reference. */
const missingModelStore: Rule = ({ scenario, replayed: { recorded } }, { actual, expected }) => {
  if (scenario.setup.stores.includes("mental_model")) return undefined;
  if (recorded.error?.class !== "RuntimeError") return undefined;
  if (recorded.error.message?.startsWith("mental_model_store not configured") !== true) {
    return undefined;
  }
  return {
    actual: { ...actual, error: { class: actual.error?.class ?? "no error" } },
    expected: { ...expected, error: { class: "ConfigError" } },
    reason: "02 section 12: a store that is not configured is a ConfigError",
  };
};

const modelSchema = z.looseObject({ model_id: z.string() });

/** The id that a directive is given is not compared. */
const directiveIds: Rule = ({ replayed: { step } }, { actual, expected }) => {
  if (step.op !== "create_directive" || step["directive_id"] !== undefined) return undefined;
  const [own, recorded] = [actual.result, expected.result].map(
    (result) => modelSchema.safeParse(result).data,
  );
  if (own === undefined || recorded === undefined) return undefined;
  const { model_id: _own, ...actualRest } = own;
  const { model_id: _recorded, ...expectedRest } = recorded;
  return {
    actual: { ...actual, result: actualRest },
    expected: { ...expected, result: expectedRest },
  };
};

export const mentalModelRules: readonly Rule[] = [missingModelStore, directiveIds];
