import { comparableError } from "../recorded-error.js";
import type { Row } from "../scenario.js";

/** The reference knows the other events, and never fires them. */
const firedByReference = [
  "on_export",
  "on_forget",
  "on_import",
  "on_pii_detected",
  "on_recall",
  "on_reflect",
  "on_retain",
];

/** A row without what is not part of the contract. */
export function comparableRow({ error, events, ...row }: Row): Row {
  return {
    ...row,
    error: error === undefined ? undefined : comparableError(error),
    events: events?.filter(({ type }) => firedByReference.includes(type)),
  };
}
