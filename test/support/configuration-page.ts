import * as z from "zod";
import { unwrapSchema } from "../../src/config/fit-document.js";
import { isImplemented } from "../../src/config/not-implemented.js";
import { configSchema } from "../../src/config/schema.js";
import { refusedPaths, unenforcedPaths } from "../../src/config/protections.js";

type Row = readonly [key: string, values: string, usual: string, what: string];

const defaults: unknown = configSchema.parse({});
const refused = new Set(refusedPaths);
const unenforced = new Set<string>(unenforcedPaths);

const code = (text: string) => `\`${text}\``;

function bounds(schema: z.ZodNumber): string {
  const { minimum, exclusiveMinimum, maximum } = z.toJSONSchema(schema);
  const parts = [
    minimum === undefined ? [] : [`from ${minimum}`],
    exclusiveMinimum === undefined ? [] : [`above ${exclusiveMinimum}`],
    maximum === undefined || maximum > 1e9 ? [] : [`to ${maximum}`],
  ].flat();
  // zod gives every whole number the bounds of safe ones.
  return parts.filter((part) => !part.includes("-9007199254740991")).join(" ");
}

function valuesOf(wrapped: z.ZodType): string {
  const schema = unwrapSchema(wrapped);
  if (schema instanceof z.ZodEnum) return schema.options.map(String).map(code).join(", ");
  if (schema instanceof z.ZodBoolean) return "`true`, `false`";
  if (schema instanceof z.ZodNumber) {
    const kind = schema.format === "safeint" ? "whole number" : "number";
    return [kind, bounds(schema)].join(" ").trim();
  }
  if (schema instanceof z.ZodString) return "text";
  if (schema instanceof z.ZodUnion)
    return (schema.options as z.ZodType[]).map(valuesOf).join(" or ");
  if (schema instanceof z.ZodArray) {
    const element = unwrapSchema(schema.element as z.ZodType);
    return element instanceof z.ZodObject ? "list of maps" : `list of ${valuesOf(element)}`;
  }
  if (schema instanceof z.ZodRecord) {
    const value = unwrapSchema(schema.valueType as z.ZodType);
    return value instanceof z.ZodObject ? "map of maps" : "map";
  }
  if (schema instanceof z.ZodObject) return `the keys of ${keysOf(schema)}`;
  return "anything";
}

const keysOf = (schema: z.ZodObject) => Object.keys(schema.shape).map(code).join(", ");

function usualOf(path: readonly string[]): string {
  let value = defaults;
  for (const key of path) value = (value as Record<string, unknown> | undefined)?.[key];
  return value === undefined ? "" : code(JSON.stringify(value).replaceAll('","', '", "'));
}

function statusOf(path: string): string {
  if (refused.has(path)) return "_Refused, since nothing enforces it yet._ ";
  if (unenforced.has(path)) return "_No brain is built with it, since nothing enforces it yet._ ";
  // A whole section says so at its head.
  const [section = ""] = path.split(".");
  const isSaid = path !== section && !isImplemented(section);
  return isSaid || isImplemented(path) ? "" : "_Accepted, not implemented._ ";
}

function rowsOf(wrapped: z.ZodType, path: readonly string[], shown: string): Row[] {
  const schema = unwrapSchema(wrapped);
  if (schema instanceof z.ZodObject) {
    return Object.entries<z.ZodType>(schema.shape).flatMap(([key, item]) =>
      rowsOf(item, [...path, key], shown === "" ? key : `${shown}.${key}`),
    );
  }
  const what = `${statusOf(path.join(".").replace("<id>", "*"))}${wrapped.description ?? ""}`;
  const row: Row = [code(shown), valuesOf(wrapped), usualOf(path), what];
  return [row, ...entryKeyRows(schema, shown)];
}

/** The keys of what a list or a map holds, when that is maps; without defaults, which entries do not have. */
function entryKeyRows(schema: z.ZodType, shown: string): Row[] {
  const held = schema instanceof z.ZodArray ? schema.element : undefined;
  const value = schema instanceof z.ZodRecord ? schema.valueType : held;
  const entry = value instanceof z.ZodType ? unwrapSchema(value) : undefined;
  if (!(entry instanceof z.ZodObject)) return [];
  const prefix = schema instanceof z.ZodArray ? `${shown}[]` : `${shown}.<key>`;
  return Object.entries<z.ZodType>(entry.shape).map(([key, item]) => [
    code(`${prefix}.${key}`),
    valuesOf(item),
    "",
    item.description ?? "",
  ]);
}

const bankSections = ["homeostasis", "barriers", "signal_quality"];

/** A map whose keys are the document's own, by the keys of its entries. */
function entryRows(section: string, entry: z.ZodObject): Row[] {
  return Object.entries<z.ZodType>(entry.shape).flatMap(([key, item]): Row[] => {
    if (section === "banks" && bankSections.includes(key)) {
      const link = `[as globally](#${key})`;
      return [[code(key), link, "", item.description ?? ""]];
    }
    return rowsOf(item, [section, "<id>", key], key);
  });
}

function table(rows: readonly Row[]): string {
  const cells: readonly (readonly string[])[] = [
    ["key", "values", "default", "what it does"],
    ...rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|"))),
  ];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), rule, ...body.map(line)].join("\n");
}

function sectionText(name: string, wrapped: z.ZodType): string {
  const schema = unwrapSchema(wrapped);
  const description = `${statusOf(name)}${wrapped.description ?? ""}`;
  const entry =
    schema instanceof z.ZodRecord ? unwrapSchema(schema.valueType as z.ZodType) : undefined;
  const rows =
    entry instanceof z.ZodObject ? entryRows(name, entry) : rowsOf(schema, [name], "").map(trimKey);
  const lead = entry === undefined ? description : `${description} A map by id; of each:`;
  return `## ${name}\n\n${lead}\n\n${table(rows)}`;
}

/** A list has no key below the section's. */
function trimKey([key, ...rest]: Row): Row {
  return [key === "``" ? "(entries)" : key.replace("`[].", "`"), ...rest];
}

const intro = `# Configuration

Every key of an \`astrocyte.yaml\`. This page is generated from the schema by \`npm run docs:config\`; the same schema is shipped as
\`astrocyte/config.schema.json\`, which an editor takes from this first line:

\`\`\`yaml
# yaml-language-server: $schema=./node_modules/astrocyte/dist/config.schema.json
\`\`\`

All keys may be left out. A bank's profile gives the bank its \`homeostasis\`, \`barriers\`, \`signal_quality\`, \`defaults\`,
\`dlp\` and \`escalation.degraded_mode\`; what else it says is reported, and refused where it decides who may do what.
Later layers win: compliance profile, profile, the file, and for one bank its own profile and settings; maps
are merged key by key, lists are replaced, and a section with nothing under it says nothing. \`\${NAME}\` in a value is replaced from the
environment. YAML is read as version 1.1: \`no\`, \`off\` and the like are flags unless they are quoted, or one of the words that a
key takes; dates are dates unless they are quoted.

\`npx astrocyte config check astrocyte.yaml\` names everything that is wrong, misspelt or without effect, and whatever would keep a
brain from being built: unknown providers and settings of theirs, missing packages, patterns that do not compile, bad grants. It opens
no store. What your program passes as an object or registers itself, name with \`--provided\`.
\`npx astrocyte config show astrocyte.yaml --bank user-1\` prints what holds for a bank, where each value comes from, and the grants.

What is marked _accepted, not implemented_ is read and checked, and reported once when it is written. Keys that promise protection
which this version does not give are refused: ${refusedPaths.map(code).join(" and ")} when the file is read,
${unenforcedPaths.map(code).join(" and ")} when a brain is to be built. The one exception is \`lifecycle.enabled\`, which compliance
profiles set: it is accepted, and every start says that memories are not deleted by age yet. Keys marked as an extension are not in
the contract: the Python package reads past them.
`;

function isSection(name: string, schema: z.ZodType): boolean {
  return (
    !name.endsWith("_config") &&
    [z.ZodObject, z.ZodRecord, z.ZodArray].some((kind) => unwrapSchema(schema) instanceof kind)
  );
}

/** `docs/configuration.md`, from the schema. */
export function configurationPage(): string {
  const entries = Object.entries<z.ZodType>(configSchema.shape);
  const top = entries
    .filter(([name, schema]) => !isSection(name, schema))
    .flatMap(([name, schema]) => rowsOf(schema, [name], name));
  const sections = entries
    .filter(([name, schema]) => isSection(name, schema))
    .map(([name, schema]) => sectionText(name, schema));
  return [intro, `## At the top\n\n${table(top)}`, ...sections, ""]
    .join("\n\n")
    .replace(/\n{3,}/g, "\n\n")
    .trimEnd()
    .concat("\n");
}
