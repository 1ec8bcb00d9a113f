/** The types of personal data a model is asked for, and the labels that stand for them in redacted text. */
const labels: Readonly<Record<string, string>> = {
  name: "NAME",
  email: "EMAIL",
  phone: "PHONE",
  address: "ADDRESS",
  ssn: "SSN",
  credit_card: "CC",
  medical_record: "MEDICAL",
  date_of_birth: "DOB",
  national_id: "NATIONAL_ID",
  passport: "PASSPORT",
  financial_account: "ACCOUNT",
};

/** The types a model is asked for. */
export const llmPiiTypes: readonly string[] = Object.keys(labels);

const maxTypeLength = 40;

/** A type or label in lower case, with `_` between its words of ASCII letters and digits; `unknown` when it has none. */
export function snakeCaseType(type: unknown): string {
  if (typeof type !== "string") return "unknown";
  const words = type
    .slice(0, maxTypeLength)
    .toLowerCase()
    .match(/[a-z0-9]+/gu);
  return words === null ? "unknown" : words.join("_");
}

/**
 * The type a model gave, as rules and logs may carry it: one of those it was asked for, or `unknown`. A model copies from the
 * text it reads, so its own words could be a name.
 */
export function knownPiiType(type: unknown): string {
  const plain = snakeCaseType(type);
  return llmPiiTypes.includes(plain) ? plain : "unknown";
}

/** `[CC_REDACTED]` for `credit_card`; `[UNKNOWN_REDACTED]` for a type without a label. */
export function llmReplacement(type: string): string {
  const label = Object.hasOwn(labels, type) ? labels[type] : undefined;
  return `[${label ?? "UNKNOWN"}_REDACTED]`;
}
