import { isPlainMap, type ConfigDocument } from "./document.js";
import { Secret } from "./secret.js";
import { isSensitivePath } from "./sensitive-path.js";

/** The spellings of the contract's list that other packages use. */
const otherSpellings =
  /api-?key|pass(?:wd|phrase)?$|private-?_?key|access-?_?key|connection-?string/i;

/** A user name and a password in an address. */
const addressWithPassword = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@:]*:[^\s/?#@]+@/i;

function holdsSecret(value: string | number, path: string): boolean {
  if (typeof value === "number") {
    // Amounts such as max_tokens are no secrets.
    return (isSensitivePath(path) || otherSpellings.test(path)) && !/tokens$/i.test(path);
  }
  return isSensitivePath(path) || otherSpellings.test(path) || addressWithPassword.test(value);
}

function hide(value: unknown, path: string): unknown {
  if (typeof value === "string" || typeof value === "number") {
    return holdsSecret(value, path) ? new Secret(value) : value;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => hide(item, path));
  return isPlainMap(value) ? hideSecrets(value, path) : value;
}

/** A copy in which what may be secret, by its key or its form, is a {@link Secret}. */
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

function hideAuth(source: unknown): unknown {
  if (!isPlainMap(source) || !isPlainMap(source["auth"])) return source;
  return { ...source, auth: hideSecrets(source["auth"], "auth") };
}

/** The same for a whole document, in the parts whose keys are not the contract's: provider settings and sign-ins. */
export function hideDocumentSecrets(document: ConfigDocument): ConfigDocument {
  const entries = Object.entries(document).map(([key, value]): [string, unknown] => {
    if (!isPlainMap(value)) return [key, value];
    if (key.endsWith("_config")) return [key, hideSecrets(value)];
    if (key === "async_tasks") return [key, { ...value, ...hideSecrets(pick(value, "dsn")) }];
    if (key !== "sources") return [key, value];
    const sources = Object.entries(value).map(([id, source]) => [id, hideAuth(source)]);
    return [key, Object.fromEntries(sources)];
  });
  return Object.fromEntries(entries);
}

function pick(map: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  return Object.hasOwn(map, key) ? { [key]: map[key] } : {};
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
