import type { Scanner } from "../scanner.js";
import { colonOrSpace, findPattern, space } from "./pattern.js";

// The runs of spaces are unbounded, but each belongs to the one keyword before it.
const dateOfBirth = new RegExp(
  `(?:born|dob|date${space}+of${space}+birth|birthday)${colonOrSpace}+` +
    "(?:\\d{4}[-/]\\d{2}[-/]\\d{2}|\\d{1,2}[-/]\\d{1,2}[-/]\\d{2,4})",
  "gi",
);

/** A date behind a word that says whose it is; the word goes too. */
export const dateOfBirthScanner: Scanner = {
  type: "date_of_birth",
  replacement: "[DOB_REDACTED]",
  find: (view, add) => findPattern(view, dateOfBirth, add),
};
