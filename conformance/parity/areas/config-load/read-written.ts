import { parseDocument } from "yaml";

/** A document of the corpus as it is written, read apart from the library. */
export interface Written {
  readonly document: Readonly<Record<string, unknown>>;
  readonly hasDuplicateKeys: boolean;
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function substituted(value: unknown, environment: Readonly<Record<string, string>>): unknown {
  if (typeof value === "string") {
    return value.replaceAll(
      /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g,
      (text, name: string) => environment[name] ?? text,
    );
  }
  if (Array.isArray(value)) return value.map((item: unknown) => substituted(item, environment));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, substituted(item, environment)]),
  );
}

/** Undefined for what is no YAML map. */
export function readWritten(
  text: string,
  environment: Readonly<Record<string, string>>,
): Written | undefined {
  const options = { version: "1.1", merge: true, prettyErrors: false, logLevel: "silent" } as const;
  const strict = parseDocument(text, { ...options, uniqueKeys: true });
  const hasDuplicateKeys = strict.errors.some(({ code }) => code === "DUPLICATE_KEY");
  const parsed = parseDocument(text, { ...options, uniqueKeys: false });
  if (parsed.errors.length > 0) return undefined;
  const root: unknown = parsed.toJS();
  return isMap(root)
    ? {
        hasDuplicateKeys,
        document: Object.fromEntries(Object.entries(substituted(root, environment) ?? {})),
      }
    : undefined;
}

/** The value at a dotted path; undefined where nothing is written. */
export function writtenAt(document: unknown, path: string): unknown {
  let value = document;
  for (const key of path.split(".")) {
    if (!isMap(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}
