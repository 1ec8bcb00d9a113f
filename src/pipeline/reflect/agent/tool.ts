import type { JsonObject, ToolDefinition } from "../../../dto/llm.js";
import type { MemoryHit } from "../../../dto/recall.js";
import { trim } from "../../../internal/whitespace.js";
import { InvalidArgumentError } from "../../../errors.js";

export type ToolArguments = Readonly<JsonObject>;

/** A way for the model to find evidence. */
export interface Tool {
  readonly definition: ToolDefinition;
  /** @throws InvalidArgumentError for arguments that mean nothing; the model is told. */
  run(args: ToolArguments): Promise<readonly MemoryHit[]>;
}

/** The JSON Schema of a tool's parameters; all but the optional ones are required. */
export function parametersOf(
  properties: Readonly<Record<string, JsonObject>>,
  optional: readonly string[] = [],
): JsonObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", properties: { ...properties }, required, additionalProperties: false };
}

export const reason: JsonObject = { type: "string", description: "Why this call is needed." };

/** @throws InvalidArgumentError for one that is no text, or blank. */
export function textArgument(args: ToolArguments, name: string): string {
  const value = args[name];
  if (typeof value === "string" && trim(value) !== "") return value;
  throw new InvalidArgumentError(`${name}: expected a text that is not blank`);
}

const mostResults = 20;

/** A number of results between 1 and 20; the usual one when it is no number. */
export function sizeArgument(args: ToolArguments, name: string, usual: number): number {
  const value = Number(args[name] ?? usual);
  const size = Number.isFinite(value) ? Math.trunc(value) : usual;
  return Math.min(Math.max(size, 1), mostResults);
}
