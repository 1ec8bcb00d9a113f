import { parseDocument } from "yaml";
import { isRecord } from "../dto/is-record.js";
import { ConfigError } from "../errors.js";
import type { ConfigDocument } from "./document.js";

const maxBytes = 256 * 1024;
const maxAliasCount = 20;

/**
 * Reads a YAML 1.1 document whose root is a map. Unknown tags, duplicate keys and alias floods are errors.
 *
 * @param source - Where the text came from, for the message.
 * @throws ConfigError with line and column.
 */
export function parseYaml(text: string, source: string): ConfigDocument {
  if (Buffer.byteLength(text) > maxBytes) {
    throw new ConfigError(`${source}: larger than ${maxBytes / 1024} KiB`);
  }
  const document = parseDocument(text, { version: "1.1", merge: true, prettyErrors: true });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) {
    throw new ConfigError(`${source}: not valid YAML: ${problem.message}`, { cause: problem });
  }
  let root: unknown;
  try {
    root = document.toJS({ maxAliasCount });
  } catch (error) {
    throw new ConfigError(`${source}: not valid YAML: too many aliases`, { cause: error });
  }
  if (root === null || root === undefined) return {};
  if (isRecord(root)) return root;
  throw new ConfigError(`${source}: the document must be a map of settings`);
}
