import type * as z from "zod";
import { formatPath } from "../dto/parse.js";
import { isDate } from "./document.js";
import { nearestName } from "./nearest-name.js";

const expectedKinds: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

/** What a value is, without its content. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "text";
  if (Number.isNaN(value)) return "what is no number (.nan)";
  if (value === Infinity || value === -Infinity) return "a number without end (.inf)";
  if (typeof value === "number") return Number.isInteger(value) ? "a whole number" : "a number";
  if (typeof value === "boolean") return String(value);
  const tag = Object.prototype.toString.call(value).slice("[object ".length, -1);
  return tag === "Object" ? "a map" : `a ${tag.toLowerCase()}`;
}

const quoteHint = " (put it in quotes: YAML reads yes, no, on, off, numbers and dates as such)";

function hintFor(expected: string, input: unknown): string {
  const isRead = typeof input !== "object" || isDate(input);
  return expected === "string" && isRead ? quoteHint : "";
}

function describeKind(expected: string, input: unknown): string {
  const kind = expectedKinds[expected] ?? expected;
  return input === undefined
    ? `is missing, expected ${kind}`
    : `expected ${kind}, got ${kindOf(input)}${hintFor(expected, input)}`;
}

function describeChoice(values: readonly unknown[], input: unknown): string {
  const allowed = values.map(String);
  const choice = allowed.length > 1 ? `one of ${allowed.join(", ")}` : allowed.join("");
  const kind = typeof input === "string" ? "another text" : kindOf(input);
  const meant = typeof input === "string" ? nearestName(input, allowed) : undefined;
  const hint = meant === undefined ? "" : ` (did you mean ${meant}?)`;
  return `expected ${choice}, got ${kind}${typeof input === "boolean" ? quoteHint : hint}`;
}

function describeUnion(errors: readonly (readonly z.core.$ZodIssue[])[], input: unknown): string {
  const kinds = errors
    .flat()
    .flatMap((issue) =>
      issue.code === "invalid_type" ? [expectedKinds[issue.expected] ?? issue.expected] : [],
    );
  const choice = [...new Set(kinds)].join(" or ");
  return input === undefined
    ? `is missing, expected ${choice}`
    : `expected ${choice}, got ${kindOf(input)}`;
}

/** What is wrong, and what is allowed. The value itself is never in it: it may be a secret in the wrong place. */
export function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
  if (issue.code === "invalid_type") return describeKind(issue.expected, input);
  if (issue.code === "invalid_value") return describeChoice(issue.values, input);
  if (issue.code === "invalid_union") return describeUnion(issue.errors, input);
  if (issue.code === "too_small") {
    if (issue.origin === "string") return "expected a text that is not empty";
    return `expected ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
  }
  return issue.code === "too_big" ? `expected at most ${issue.maximum}` : undefined;
}

/** Every problem of a failed parse as `path: reason`. */
export function describeProblems(error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    const inKey = issue.code === "invalid_key" ? issue.issues : [];
    const reason =
      inKey.length > 0 ? inKey.map(({ message }) => message).join(", ") : issue.message;
    const path = formatPath(issue.path);
    return path === "" ? reason : `${path}: ${reason}`;
  });
}
