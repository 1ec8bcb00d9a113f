import type * as z from "zod";
import { InvalidArgumentError } from "../errors.js";
import { isRecord } from "./is-record.js";
import { formatIssues, formatPath } from "./parse.js";

/** A JSON value in the portable snake_case form. */
export type WireValue =
  | string
  | number
  | boolean
  | null
  | WireValue[]
  | { [key: string]: WireValue };

type Direction = "toWire" | "fromWire";

/** The parts of a zod definition that the walk reads. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly items?: readonly z.ZodType[];
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
}

const wrappers = new Set(["optional", "nullable", "default", "readonly"]);

function definitionOf(schema: z.ZodType): Definition {
  const definition = schema.def as Definition;
  return wrappers.has(definition.type) && definition.innerType !== undefined
    ? definitionOf(definition.innerType)
    : definition;
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Renames the keys of declared shapes, and nothing else: metadata, headers and tool arguments keep theirs. */
function rename(schema: z.ZodType, value: unknown, direction: "toWire"): WireValue;
function rename(schema: z.ZodType, value: unknown, direction: Direction): unknown;
function rename(schema: z.ZodType, value: unknown, direction: Direction): unknown {
  const definition = definitionOf(schema);
  if (Array.isArray(value)) {
    if (definition.type === "union") {
      const list = definition.options?.find((option) => definitionOf(option).type === "array");
      return list === undefined ? value : rename(list, value, direction);
    }
    return value.map((item: unknown, index) => {
      const itemSchema = definition.element ?? definition.items?.[index];
      return itemSchema === undefined ? item : rename(itemSchema, item, direction);
    });
  }
  if (!isRecord(value)) return value;
  if (definition.type === "record" && definition.valueType !== undefined) {
    const { valueType } = definition;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, rename(valueType, item, direction)]),
    );
  }
  if (definition.type !== "object") return value;
  const renamed: [string, unknown][] = [];
  for (const [key, itemSchema] of Object.entries(definition.shape ?? {})) {
    const [from, to] = direction === "toWire" ? [key, snakeCase(key)] : [snakeCase(key), key];
    // Null and absent are the same on the wire; both mean the default.
    if (!Object.hasOwn(value, from) || value[from] === undefined || value[from] === null) continue;
    renamed.push([to, rename(itemSchema, value[from], direction)]);
  }
  return Object.fromEntries(renamed);
}

/** The path of a problem in the caller's spelling: snake_case in shapes, untouched in maps. */
function wirePath(schema: z.ZodType, path: readonly PropertyKey[]): string {
  let current: z.ZodType | undefined = schema;
  const spelled = path.map((part) => {
    const definition: Definition | undefined =
      current === undefined ? undefined : definitionOf(current);
    current =
      definition?.shape?.[String(part)] ??
      definition?.element ??
      definition?.valueType ??
      definition?.items?.[Number(part)];
    return typeof part === "string" && definition?.type === "object" ? snakeCase(part) : part;
  });
  return formatPath(spelled);
}

/**
 * The portable JSON form of a shape: snake_case keys, canonical timestamps, absent fields left out.
 *
 * @throws {@link InvalidArgumentError} with path and reason when the value does not fit the schema.
 */
export function toWire(schema: z.ZodType, value: unknown): WireValue {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new InvalidArgumentError(formatIssues(parsed.error), { cause: parsed.error });
  }
  return rename(schema, parsed.data, "toWire");
}

/**
 * Reads the portable JSON form: unknown keys are ignored, null means absent, defaults are filled in.
 *
 * @throws {@link InvalidArgumentError} with the snake_case path and the reason of every problem.
 */
export function fromWire<Schema extends z.ZodType>(
  schema: Schema,
  json: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(rename(schema, json, "fromWire"));
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(
    formatIssues(parsed.error, (path) => wirePath(schema, path)),
    { cause: parsed.error },
  );
}
