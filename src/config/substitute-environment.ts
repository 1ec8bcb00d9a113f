import { rewriteTexts, type ConfigDocument } from "./document.js";
import { EnvironmentValues, type EnvironmentText } from "./environment-values.js";
import { isSensitivePath } from "./sensitive-path.js";

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface UnsetReference {
  readonly path: string;
  readonly variable: string;
}

export interface Substituted {
  readonly document: ConfigDocument;
  readonly values: EnvironmentValues;
  /** What is wrong: references that are unset where a secret belongs. */
  readonly problems: readonly string[];
  /** Other references that are unset; they stay as written. */
  readonly unset: readonly UnsetReference[];
}

/**
 * Replaces `${NAME}` in text values by the environment's value, which may be empty; no defaults, no nesting.
 *
 * @param label - What the document is, for messages.
 */
export function substituteEnvironment(
  written: ConfigDocument,
  environment: Environment,
  label: string,
): Substituted {
  const replaced: EnvironmentText[] = [];
  const unset: UnsetReference[] = [];
  const document = rewriteTexts(written, label, (text, path) => {
    let isReplaced = false;
    const result = text.replaceAll(reference, (whole, variable: string) => {
      const value = Object.hasOwn(environment, variable) ? environment[variable] : undefined;
      if (value === undefined) unset.push({ path, variable });
      else isReplaced = true;
      return value ?? whole;
    });
    if (isReplaced) replaced.push({ path, written: text, text: result });
    return result;
  });
  const missing = unset.filter(({ path }) => isSensitivePath(path));
  const listed = missing.map(({ path, variable }) => `${path}: \${${variable}}`).join(", ");
  return {
    document,
    values: new EnvironmentValues(replaced),
    problems:
      missing.length === 0
        ? []
        : [`Unresolved environment variables in sensitive config fields: ${listed}`],
    unset: unset.filter(({ path }) => !isSensitivePath(path)),
  };
}
