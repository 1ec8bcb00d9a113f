import * as z from "zod";
import { ProviderRegistry, providerKinds } from "../spi/registry.js";
import { isPlainMap } from "./document.js";
import { flagOf } from "./flag-word.js";
import { profileNames } from "./load-profile.js";
import { configSchema } from "./schema.js";
import { mentionedSections } from "./unread-keys.js";

/** A value that a file may take from the environment, whatever it is in the end. */
const reference = { type: "string", pattern: "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}" };
/** In the forms of YAML 1.1 too: `1_000`, `0x10`, `1:30`. */
const numberAsText = {
  type: "string",
  pattern: "^\\s*[+-]?(?:\\d[\\d_]*(?:\\.\\d*)?|0[xob][\\da-fA-F_]+|\\d+(?::[0-5]?\\d)+)\\s*$",
};
/** The loader reads YAML 1.1, where these are flags; to an editor, which reads 1.2, they are text. */
const flagAsText = {
  type: "string",
  pattern:
    "^\\s*(?:[Tt][Rr][Uu][Ee]|[Yy][Ee][Ss]|[Oo][Nn]|1|[Ff][Aa][Ll][Ss][Ee]|[Nn][Oo]|[Oo][Ff][Ff]|0)\\s*$",
};
const nothing = { type: "null" };

type Json = z.core.JSONSchema.BaseSchema;

/** Keys that say what a value is for; they stay outside of the alternatives. */
const annotations = ["default", "description"] as const;

function allow(json: Json | Record<string, unknown>, alternatives: readonly object[]): void {
  const own = Object.entries(json).filter(([key]) => !annotations.some((name) => name === key));
  if (own.length === 0) return;
  for (const [key] of own) delete json[key];
  const before: unknown = own.length === 1 && own[0]?.[0] === "anyOf" ? own[0][1] : undefined;
  const kept: readonly object[] = Array.isArray(before) ? before : [Object.fromEntries(own)];
  Object.assign(json, { anyOf: [...kept, ...alternatives] });
}

function flagsOf(schema: z.ZodEnum): boolean[] {
  const flags = schema.options.map((option) =>
    typeof option === "string" ? flagOf(option) : undefined,
  );
  return flags.filter((flag) => flag !== undefined);
}

/** In place, as zod asks for it. */
function loosen(schema: z.core.$ZodType, json: Json): void {
  if (schema instanceof z.ZodNumber) allow(json, [numberAsText, reference]);
  if (schema instanceof z.ZodBoolean) allow(json, [flagAsText, reference]);
  if (schema instanceof z.ZodEnum) {
    // `mode: off` is text to an editor and a flag to the loader, which takes it as the word.
    const flags = flagsOf(schema);
    allow(json, [...(flags.length === 0 ? [] : [{ enum: [...new Set(flags)] }]), reference]);
  }
  if (schema instanceof z.ZodObject) {
    Object.assign(json, { type: ["object", "null"], additionalProperties: false });
  }
  if (schema instanceof z.ZodRecord) Object.assign(json, { type: ["object", "null"] });
}

/** What is written as null is not said, but for what must be there. In place, at every level. */
function allowNothing(json: unknown): void {
  if (Array.isArray(json)) {
    for (const item of json) allowNothing(item);
    return;
  }
  if (!isPlainMap(json)) return;
  const required: readonly unknown[] = Array.isArray(json["required"]) ? json["required"] : [];
  const { properties } = json;
  for (const [key, item] of Object.entries(isPlainMap(properties) ? properties : {})) {
    if (!required.includes(key) && isPlainMap(item) && !takesNull(item)) allow(item, [nothing]);
  }
  for (const value of Object.values(json)) allowNothing(value);
}

function takesNull({ type, anyOf }: Readonly<Record<string, unknown>>): boolean {
  if (Array.isArray(type)) return type.includes("null");
  return Array.isArray(anyOf) && anyOf.some((item) => isPlainMap(item) && item["type"] === "null");
}

const bankIds = { pattern: "^[A-Za-z0-9][A-Za-z0-9._:@-]{0,254}$" };

function mapIn(json: unknown, key: string): Record<string, unknown> {
  const value = isPlainMap(json) ? json[key] : undefined;
  return isPlainMap(value) ? value : {};
}

/** The JSON Schema of the document, by which editors complete and check an `astrocyte.yaml`. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => loosen(zodSchema, jsonSchema),
  });
  allowNothing(schema);
  const properties = mapIn(schema, "properties");
  const registry = new ProviderRegistry();
  for (const kind of providerKinds) {
    Object.assign(mapIn(properties, kind), { examples: registry.names(kind) });
  }
  for (const kind of ["profile", "compliance_profile"] as const) {
    Object.assign(mapIn(properties, kind), { examples: profileNames(kind) });
  }
  const profile = mapIn(mapIn(mapIn(properties, "banks"), "additionalProperties"), "properties");
  Object.assign(mapIn(profile, "profile"), { examples: profileNames("profile") });
  Object.assign(mapIn(mapIn(properties, "banks"), "propertyNames"), bankIds);
  for (const path of mentionedSections) {
    properties[path] = { description: "In documents of the contract only; nothing reads it." };
  }
  return { ...schema, title: "astrocyte.yaml" };
}
