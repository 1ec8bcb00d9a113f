import type { Rule } from "./rule.js";

const typesInMessage = /^Content rejected: PII detected \((.*)\)$/;

/** A content that is refused for personal data is reported before it is. */
export const rejectionReported: Rule = ({ scenario, replayed: { step } }, { actual, expected }) => {
  const { error } = expected;
  if (error?.class !== "PiiRejected") return undefined;
  if (scenario.setup.hooks?.includes("on_pii_detected") !== true) return undefined;
  const types = typesInMessage.exec(error.message ?? "")?.[1] ?? "";
  const event = {
    type: "on_pii_detected",
    bank_id: String(step["bank_id"]),
    data: { action: "reject", pii_types: types.replaceAll(", ", ",") },
  };
  return {
    actual,
    expected: { ...expected, events: [event] },
    reason: "D-40: on_pii_detected fires before a rejection too",
  };
};
