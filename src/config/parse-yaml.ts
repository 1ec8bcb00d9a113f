import {
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Pair,
  type ScalarTag,
  type Tags,
  type YAMLMap,
} from "yaml";
import { isRecord } from "../dto/is-record.js";
import { ConfigError } from "../errors.js";
import type { ConfigDocument } from "./document.js";

const maxBytes = 256 * 1024;
const maxAliasCount = 20;
const maxNesting = 64;

/**
 * Whether a text nests deeper than any configuration does, by the brackets that are open and by the collections that begin on
 * one line. The parser recurses, so this is found out before it runs.
 */
function isTooDeep(text: string): boolean {
  let open = 0;
  for (const character of text) {
    if (character === "[" || character === "{") open += 1;
    else if (character === "]" || character === "}") open = Math.max(0, open - 1);
    if (open > maxNesting) return true;
  }
  return text
    .split("\n")
    .some((line) => (line.match(/^(?:\s*[-?]\s)*/)?.[0].match(/[-?]/g)?.length ?? 0) > maxNesting);
}

const boolTag = "tag:yaml.org,2002:bool";
const truth = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const falsehood = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;

/** YAML 1.1 also has `y` and `n`, which the reference reads as text, in keys too. */
function withoutLetters(tags: Tags): Tags {
  return tags.map((tag) => {
    if (typeof tag !== "object" || tag.tag !== boolTag || tag.collection !== undefined) return tag;
    const narrowed: ScalarTag = { ...tag, test: tag.identify?.(true) ? truth : falsehood };
    return narrowed;
  });
}

/** The first key that a map has twice; the parser's own check compares every key with every other. */
function duplicateKey(document: ReturnType<typeof parseDocument>): Pair | undefined {
  let duplicate: Pair | undefined;
  visit(document, {
    Map(_key, map: YAMLMap) {
      const seen = new Set<unknown>();
      for (const pair of map.items) {
        const key: unknown = isScalar(pair.key) ? pair.key.value : pair.key;
        if (key !== "<<" && seen.has(key)) {
          duplicate = pair;
          return visit.BREAK;
        }
        seen.add(key);
      }
      return undefined;
    },
  });
  return duplicate;
}

/**
 * Reads a YAML 1.1 document whose root is a map. Unknown tags, duplicate keys, alias floods and deep nesting are errors.
 *
 * @param source - Where the text came from, for the message.
 * @throws ConfigError with line and column. It quotes nothing of the text, which may hold secrets.
 */
export function parseYaml(text: string, source: string): ConfigDocument {
  const refuse = (reason: string): never => {
    throw new ConfigError(`${source}: not valid YAML: ${reason}`);
  };
  if (Buffer.byteLength(text) > maxBytes) refuse(`larger than ${maxBytes / 1024} KiB`);
  if (isTooDeep(text)) refuse(`nested deeper than ${maxNesting} levels`);
  const lineCounter = new LineCounter();
  const at = (offset: number | undefined): string => {
    const { line, col } = lineCounter.linePos(offset ?? 0);
    return `at line ${line}, column ${col}`;
  };
  const document = parseDocument(text, {
    version: "1.1",
    customTags: withoutLetters,
    merge: true,
    prettyErrors: false,
    uniqueKeys: false,
    lineCounter,
  });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) {
    const what = problem.code.toLowerCase().replaceAll("_", " ");
    refuse(`${what} ${at(problem.pos[0])}`);
  }
  const duplicate = duplicateKey(document);
  if (duplicate !== undefined) {
    const offset = isScalar(duplicate.key) ? duplicate.key.range?.[0] : undefined;
    refuse(`a map has the same key twice ${at(offset)}`);
  }
  let root: unknown;
  try {
    root = document.toJS({ maxAliasCount });
  } catch {
    refuse("too many aliases");
  }
  if (root === null || root === undefined) return {};
  if (isRecord(root)) return root;
  throw new ConfigError(`${source}: the document must be a map of settings`);
}
