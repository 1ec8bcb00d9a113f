import { AstrocyteError } from "../errors.js";
import { isPlainMap } from "./document.js";
import type { EnvironmentValues } from "./environment-values.js";
import type { AstrocyteConfig } from "./schema.js";
import { Secret } from "./secret.js";

/** Where secrets may be: in the settings of providers, and in whatever came from the environment. */
export interface SecretSources {
  readonly config: AstrocyteConfig;
  readonly environmentValues: EnvironmentValues;
}

/** Shorter texts could not be told from a part of a word. */
const minLength = 4;

function* secretsIn(value: unknown): Generator<string> {
  if (value instanceof Secret) {
    const revealed = value.reveal();
    yield typeof revealed === "object" ? revealed.toISOString() : String(revealed);
  }
  if (Array.isArray(value)) for (const item of value) yield* secretsIn(item);
  if (isPlainMap(value)) yield* secretsIn(Object.values(value));
}

/** The text, and the password when it is an address with one: a driver may quote either. */
function partsOf(text: string): string[] {
  const password = /:\/\/[^/@\s]*?:([^@/\s]+)@/.exec(text)?.[1];
  return password === undefined ? [text] : [text, password];
}

/** A message without any text that may be secret, and that is longer than three characters. */
export function concealSecrets(
  message: string,
  { config, environmentValues }: SecretSources,
): string {
  const texts = [...environmentValues.texts, ...secretsIn(config)]
    .flatMap(partsOf)
    .filter((text) => text.length >= minLength)
    // A longer one may hold a shorter one.
    .toSorted((a, b) => b.length - a.length);
  return texts.reduce((concealed, text) => {
    // Who made the message may have written the text in capitals.
    const pattern = new RegExp(text.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&"), "giu");
    return concealed.replaceAll(pattern, "***");
  }, message);
}

/**
 * An error that was thrown while something was made of a configuration, as a caller may print it: without secrets in its texts,
 * and without its cause, which is somebody else's. One about the configuration names the document.
 */
export function concealError(
  error: unknown,
  { label, ...sources }: SecretSources & { readonly label: string },
): unknown {
  if (!(error instanceof Error)) return error;
  const isOurs = AstrocyteError.isInstance(error) && error.code === "ASTROCYTE_CONFIG";
  if (isOurs && !error.message.startsWith(label)) error.message = `${label}: ${error.message}`;
  const texts = ["message", "stack", ...Object.keys(error)].filter(
    (key) => typeof Reflect.get(error, key) === "string",
  );
  for (const key of texts) {
    const text = String(Reflect.get(error, key));
    const concealed = concealSecrets(text, sources);
    if (concealed !== text) Reflect.set(error, key, concealed);
  }
  if (error.cause !== undefined) Reflect.set(error, "cause", undefined);
  return error;
}
