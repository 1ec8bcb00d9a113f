import type { Rule } from "./rule.js";

/** A recall or reflect that names no bank, where the reference looks for other banks first. */
export const missingBank: Rule = ({ replayed: { step } }, { actual, expected }) => {
  const { op, bank_id: bankId, banks } = step;
  const isRead = op === "recall" || op === "reflect";
  if (!isRead || banks !== undefined || expected.error?.class !== "ConfigError") return undefined;
  if (typeof bankId === "string" && bankId !== "") return undefined;
  const message =
    bankId === ""
      ? "Invalid bank_id '': must be 1–255 characters, start with alphanumeric, and contain only [a-zA-Z0-9._:@-]"
      : `A bank id must be a string, got ${bankId === null ? "null" : "undefined"}`;
  return {
    actual,
    expected: { ...expected, error: { class: "ConfigError", message } },
    reason:
      "06: recall over several banks is not built yet, so that a read without a bank is a wrong bank id",
  };
};
