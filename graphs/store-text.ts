import { InvalidArgumentError } from "astrocyte";
import { isDate } from "./dates.js";
import type { StoreValue } from "./store-value.js";

/** `$` for the whole value, or paths such as `title`, `meta.title`, `chapters[*].text`, `authors[-1].name`. */
export type IndexFields = readonly string[];

type Step = { readonly name: string } | { readonly at: number } | "all";

const wholeValue = "$";
const stepForm = /\[(\*|-?\d+)\]|([^.[\]]+)/y;

/** @throws InvalidArgumentError for a path that cannot be read. */
function parsePath(path: string): Step[] {
  const steps: Step[] = [];
  let at = 0;
  while (at < path.length) {
    if (path[at] === "." && at > 0) at += 1;
    stepForm.lastIndex = at;
    const match = stepForm.exec(path);
    if (match === null) {
      throw new InvalidArgumentError(
        `AstrocyteStore: index: cannot read the path "${path.slice(0, 80)}"; expected such as title, meta.title or chapters[*].text`,
      );
    }
    const [whole, place, name = ""] = match;
    if (place === "*" || name === "*") steps.push("all");
    else steps.push(place === undefined ? { name } : { at: Number(place) });
    at += whole.length;
  }
  return steps;
}

/** @throws InvalidArgumentError for what is neither `false` nor a list of paths. */
export function assertIndex(index: unknown): asserts index is false | IndexFields | undefined {
  if (index === undefined || index === null || index === false) return;
  if (!Array.isArray(index) || index.some((path) => typeof path !== "string" || path === "")) {
    throw new InvalidArgumentError("AstrocyteStore: index: expected false or a list of paths");
  }
  for (const path of index) if (path !== wholeValue) parsePath(path);
}

function childrenOf(value: unknown, step: Step): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (step === "all") return Object.values(value);
  if ("at" in step) {
    const item: unknown = Array.isArray(value) ? value.at(step.at) : undefined;
    return item === undefined ? [] : [item];
  }
  return Object.entries(value)
    .filter(([key]) => key === step.name)
    .map(([, item]) => item);
}

function named(text: string, name: string): string {
  return name === "" ? text : `${name}: ${text}`;
}

/** `name: text`, a line each; what has no name stands alone. */
function* linesOf(value: unknown, name: string): Generator<string, void> {
  if (value === null || value === undefined) return;
  if (typeof value === "object" && !isDate(value)) {
    for (const [key, item] of Object.entries(value)) {
      yield* linesOf(item, Array.isArray(value) ? name : key);
    }
    return;
  }
  if (typeof value === "string") {
    if (value.trim() !== "") yield named(value, name);
    return;
  }
  const text = isDate(value) ? value.toISOString() : JSON.stringify(value);
  yield named(text, name);
}

/** All that a value tells, as text; a value of a single text is that text. */
function textOfValue(value: unknown): string {
  const lines = [...linesOf(value, "")];
  const [only] = Object.values(value ?? {});
  if (lines.length === 1 && typeof only === "string") return only;
  return lines.join("\n");
}

/** The texts in a value and the names of its fields, which may hold personal data; numbers and dates are none. */
export function* textsIn(value: unknown): Generator<string, void> {
  if (typeof value === "string") yield value;
  if (typeof value !== "object" || value === null || isDate(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (!Array.isArray(value)) yield key;
    yield* textsIn(item);
  }
}

/** What recall finds of a value; undefined when none of the fields holds anything. */
export function indexedText(value: StoreValue, fields: IndexFields): string | undefined {
  const texts = fields.map((path) => {
    if (path === wholeValue) return textOfValue(value);
    const found = parsePath(path).reduce<unknown[]>(
      (values, step) => values.flatMap((one) => childrenOf(one, step)),
      [value],
    );
    return found
      .map((one) => (typeof one === "object" ? textOfValue(one) : [...linesOf(one, "")].join("")))
      .join("\n");
  });
  const text = texts.filter((one) => one.trim() !== "").join("\n");
  return text === "" ? undefined : text;
}
