import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import type { AIMessageChunk } from "@langchain/core/messages";
import { OutputParserException, parseJsonMarkdown } from "@langchain/core/output_parsers";
import { RunnableLambda, type Runnable } from "@langchain/core/runnables";
import { toJsonSchema, Validator } from "@langchain/core/utils/json_schema";
import { interopSafeParseAsync, isInteropZodSchema } from "@langchain/core/utils/types";
import { isRecord } from "./is-record.js";

/** What a value is, or why it is not what the schema says. */
type Checked = { readonly value: unknown } | { readonly problem: string };

interface StandardSchema {
  readonly validate: (value: unknown) => unknown;
}

function standardOf(schema: object): StandardSchema | undefined {
  const standard: unknown = Reflect.get(schema, "~standard");
  if (!isRecord(standard) || typeof standard["validate"] !== "function") return undefined;
  const { validate } = standard;
  return { validate: (value) => validate.call(standard, value) };
}

function issuesText(issues: unknown): string {
  if (!Array.isArray(issues)) return "it does not fit";
  return issues
    .flatMap((issue: unknown) =>
      isRecord(issue) && typeof issue["message"] === "string" ? [issue["message"]] : [],
    )
    .join("; ");
}

async function check(schema: object, value: unknown): Promise<Checked> {
  const standard = standardOf(schema);
  if (standard !== undefined) {
    const result = await standard.validate(value);
    if (!isRecord(result)) return { problem: "the schema gave no result" };
    return result["issues"] === undefined
      ? { value: result["value"] }
      : { problem: issuesText(result["issues"]) };
  }
  if (isInteropZodSchema(schema)) {
    const result = await interopSafeParseAsync(schema, value);
    return result.success ? { value: result.data } : { problem: issuesText(result.error.issues) };
  }
  const { valid, errors } = new Validator({ ...schema }).validate(value);
  return valid ? { value } : { problem: errors.map(({ error }) => error).join("; ") };
}

/** A zod schema, a standard schema or a JSON Schema as JSON Schema. */
function jsonSchemaOf(schema: object): Record<string, unknown> {
  const hasForm = isInteropZodSchema(schema) || standardOf(schema) !== undefined;
  return hasForm ? { ...toJsonSchema(schema) } : { ...schema };
}

export interface StructuredRequest {
  readonly name: string;
  readonly description: string;
  readonly jsonSchema: Record<string, unknown>;
}

export function structuredRequest(schema: object, name: string | undefined): StructuredRequest {
  const jsonSchema = jsonSchemaOf(schema);
  const { title, description } = jsonSchema;
  return {
    name: name ?? (typeof title === "string" && /^[\w-]{1,64}$/.test(title) ? title : "extract"),
    description: typeof description === "string" ? description : "Gives the answer in this form.",
    jsonSchema,
  };
}

function valueOf(message: AIMessageChunk, name: string): unknown {
  const call = message.tool_calls?.find((candidate) => candidate.name === name);
  if (call !== undefined) return call.args;
  try {
    // Not the tolerant reading of core's own parser, which takes a cut answer for a whole one.
    return parseJsonMarkdown(message.text, (text) => JSON.parse(text) as unknown);
  } catch (error) {
    throw new OutputParserException(
      `The model gave neither a call of "${name}" nor JSON: ${error instanceof Error ? error.message : String(error)}`,
      message.text,
    );
  }
}

/** What a model answered, read and checked against the schema. */
export function structuredParser<Output>(
  schema: object,
  name: string,
): (message: AIMessageChunk) => Promise<Output> {
  return async (message) => {
    const checked = await check(schema, valueOf(message, name));
    if ("value" in checked) {
      // The schema says so.
      return checked.value as Output; // oxlint-disable-line typescript/no-unsafe-type-assertion
    }
    throw new OutputParserException(
      `The model's answer does not fit the schema: ${checked.problem}`,
      message.text,
    );
  };
}

/** `{ raw, parsed }`, where `parsed` is null when the answer does not fit. */
export function withRaw<Output>(
  model: Runnable<BaseLanguageModelInput, AIMessageChunk>,
  parse: (message: AIMessageChunk) => Promise<Output>,
) {
  return model.pipe(
    RunnableLambda.from(async (raw: AIMessageChunk) => ({
      raw,
      parsed: await parse(raw).catch((error: unknown) => {
        if (error instanceof OutputParserException) return null;
        throw error;
      }),
    })),
  );
}
