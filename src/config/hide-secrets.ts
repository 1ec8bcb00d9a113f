import { isDate, isPlainMap, type ConfigDocument } from "./document.js";
import { Secret } from "./secret.js";
import { hasCredentials, isSecretName } from "./secret-text.js";

/** Maps of which every text may be a secret, whatever its key. */
const secretMaps = /(?:^|\.)(?:headers|creds)\./i;
/** The value of an Authorization header, whatever the header is called. */
const signIn = /^(?:Bearer|Basic)\s+\S/i;

function hide(value: unknown, path: string): unknown {
  if (typeof value === "string") {
    return isSecretName(path) ||
      secretMaps.test(path) ||
      hasCredentials(value) ||
      signIn.test(value)
      ? new Secret(value)
      : value;
  }
  if (typeof value === "number" || typeof value === "bigint") {
    // Amounts such as max_tokens are no secrets.
    return isSecretName(path) && !/tokens$/i.test(path) ? new Secret(value) : value;
  }
  if (isDate(value)) return isSecretName(path) ? new Secret(value) : value;
  if (Array.isArray(value)) return value.map((item: unknown) => hide(item, path));
  return isPlainMap(value) ? hideSecrets(value, path) : value;
}

/**
 * A copy in which what may be secret, by its key or its form, is a {@link Secret}.
 *
 * @param path - Where the map is; under a path that is secret itself, everything is.
 */
export function hideSecrets(
  map: Readonly<Record<string, unknown>>,
  path = "",
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [
      key,
      hide(value, path === "" ? key : `${path}.${key}`),
    ]),
  );
}

/** Keys of a source under which everything is secret. */
const signIns = ["auth", "headers"];
/** Keys of a source that hold no secret. */
const plain = new Set(
  (
    "type extraction_profile target_bank target_bank_template principal path driver topic consumer_group interval_seconds " +
    "recall_method"
  ).split(" "),
);

function hideInSource(source: unknown): unknown {
  if (!isPlainMap(source)) return source;
  const entries = Object.entries(source).map(([key, value]) => [
    key,
    plain.has(key) ? value : hide(value, signIns.includes(key) ? "auth" : key),
  ]);
  return Object.fromEntries(entries);
}

/**
 * The same for a whole document, in the parts where secrets are due: provider settings, sources, and the address of the queue.
 * The contract's other keys stay as they are, whatever they are called.
 */
export function hideDocumentSecrets(document: ConfigDocument): ConfigDocument {
  const entries = Object.entries(document).map(([key, value]): [string, unknown] => {
    if (!isPlainMap(value)) return [key, value];
    if (key.endsWith("_config")) return [key, hideSecrets(value)];
    if (key === "async_tasks" && Object.hasOwn(value, "dsn")) {
      return [key, { ...value, dsn: hide(value["dsn"], "dsn") }];
    }
    if (key !== "sources") return [key, value];
    const sources = Object.entries(value).map(([id, source]) => [id, hideInSource(source)]);
    return [key, Object.fromEntries(sources)];
  });
  return Object.fromEntries(entries);
}

function reveal(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(reveal);
  return isPlainMap(value) ? revealSecrets(value) : value;
}

/** The copy with the values themselves, for the one who needs them. */
export function revealSecrets(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, reveal(value)]));
}
