import * as z from "zod";
import { configSchema } from "./schema.js";

/** A value that a file may take from the environment, whatever it is in the end. */
const reference = { type: "string", pattern: "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}" };

type Json = z.core.JSONSchema.BaseSchema;

/** In place, as zod asks for it. */
function loosen(schema: z.core.$ZodType, json: Json): void {
  if (schema instanceof z.ZodNumber || schema instanceof z.ZodBoolean) {
    const { default: usual, description, ...own } = json;
    for (const key of Object.keys(own)) delete json[key];
    Object.assign(json, { anyOf: [own, reference] });
    if (usual !== undefined) json.default = usual;
    if (description !== undefined) json.description = description;
  }
  // A section with nothing under it is null in YAML.
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) {
    Object.assign(json, { type: ["object", "null"] });
  }
}

/** The JSON Schema of the document, by which editors complete and check an `astrocyte.yaml`. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => loosen(zodSchema, jsonSchema),
  });
  return { ...schema, title: "astrocyte.yaml" };
}
