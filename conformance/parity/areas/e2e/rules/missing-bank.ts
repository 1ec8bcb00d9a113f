import type { Rule } from "./rule.js";

/** A read that names an empty bank: to look into all that the caller may read would widen the answer of a mistaken call. */
export const missingBank: Rule = ({ replayed: { step } }, { actual, expected }) => {
  const { op, bank_id: bankId, banks } = step;
  const isRead = op === "recall" || op === "reflect";
  if (!isRead || banks !== undefined || bankId !== "") return undefined;
  const message =
    "Invalid bank_id '': must be 1–255 characters, start with alphanumeric, and contain only [a-zA-Z0-9._:@-]";
  return {
    actual,
    expected: { ...expected, result: undefined, error: { class: "ConfigError", message } },
    reason: "04 section 8: an empty bank id is a wrong one",
  };
};
