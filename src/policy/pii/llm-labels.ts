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

/**
 * The type a model or a recogniser gave, as rules and logs may carry it: lower case, letters and digits of ASCII with `_`
 * between, `unknown` when nothing is left. A model copies from the text it reads, so its words are not to be trusted.
 */
export function normalisePiiType(type: unknown): string {
  if (typeof type !== "string") return "unknown";
  const words = type
    .slice(0, maxTypeLength)
    .toLowerCase()
    .match(/[a-z0-9]+/gu);
  return words === null ? "unknown" : words.join("_");
}

/** `[CC_REDACTED]` for `credit_card`; a type without a label gives its own name in capitals. */
export function llmReplacement(type: string): string {
  const label = Object.hasOwn(labels, type) ? labels[type] : undefined;
  return `[${label ?? type.toUpperCase()}_REDACTED]`;
}
