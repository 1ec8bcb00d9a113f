import {
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type ErrorCode,
  type Pair,
  type ScalarTag,
  type Tags,
  type YAMLMap,
} from "yaml";
import { isRecord } from "../dto/is-record.js";
import { ConfigError } from "../errors.js";
import type { ConfigDocument } from "./document.js";
import { maxFileBytes } from "./read-bounded.js";

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

/** What the parser means by its codes, and what to do. */
const sentences: Readonly<Partial<Record<ErrorCode, string>>> = {
  ALIAS_PROPS: "an alias (*name) cannot have a tag or an anchor",
  BAD_ALIAS: "a text that begins with * is an alias; put it in quotes",
  BAD_DIRECTIVE: "a line that begins with % is a directive; put the text in quotes",
  BAD_DQ_ESCAPE: "a \\ in double quotes begins an escape; use single quotes, or write \\\\",
  BAD_INDENT: "the indentation fits nothing above, or a bracket is not closed",
  BAD_SCALAR_START: "a text that begins with @, % or ` must be in quotes",
  BLOCK_AS_IMPLICIT_KEY:
    "a second colon in one line, or a deeper line below a value; put the value in quotes",
  BLOCK_IN_FLOW: "a block inside { } or [ ]; write it in one form or the other",
  KEY_OVER_1024_CHARS: "a key of more than 1024 characters",
  MISSING_CHAR: "a quote, a bracket, a comma or a space is missing",
  MULTILINE_IMPLICIT_KEY: "a key that goes over several lines, or a line without a colon",
  MULTIPLE_ANCHORS: "a value with two anchors (&name)",
  MULTIPLE_DOCS: "more than one document (---) in the file; keep one",
  MULTIPLE_TAGS: "a value with two tags (!name)",
  TAB_AS_INDENT: "a tab in the indentation; use spaces",
  TAG_RESOLVE_FAILED: "a tag (!name) that is not known; tags are not needed, remove it",
  UNEXPECTED_TOKEN: "a character where none is due",
};

/** An unquoted reference in a map of one line is the commonest slip: its braces are taken for a map. */
function referenceHint(text: string, line: number): string {
  return /[{[,].*\$\{/.test(text.split("\n")[line - 1] ?? "")
    ? '; inside { } and [ ] put a reference in quotes: "${NAME}"'
    : "";
}

/** Where the first key is that is no text, number or the like; the parser would print it whole. */
function collectionKey(document: ReturnType<typeof parseDocument>): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Pair(_key, { key }) {
      if (!isNode(key) || isScalar(key)) return undefined;
      offset = key.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
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
  if (Buffer.byteLength(text) > maxFileBytes) refuse(`larger than ${maxFileBytes / 1024} KiB`);
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
    // What the parser would warn of quotes the document.
    logLevel: "error",
    lineCounter,
  });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) {
    const what = sentences[problem.code] ?? problem.code.toLowerCase().replaceAll("_", " ");
    const [offset] = problem.pos;
    refuse(`${what}, ${at(offset)}${referenceHint(text, lineCounter.linePos(offset).line)}`);
  }
  const keyOffset = collectionKey(document);
  if (keyOffset !== undefined) {
    const hint = referenceHint(text, lineCounter.linePos(keyOffset).line);
    refuse(`a key that is a map, a list or an alias, ${at(keyOffset)}${hint}`);
  }
  const duplicate = duplicateKey(document);
  if (duplicate !== undefined) {
    const offset = isScalar(duplicate.key) ? duplicate.key.range?.[0] : undefined;
    refuse(`a map has the same key twice ${at(offset)}`);
  }
  let root: unknown;
  try {
    root = document.toJS({ maxAliasCount });
  } catch (error) {
    const isUnknown = error instanceof ReferenceError && error.message.startsWith("Unresolved");
    refuse(
      isUnknown
        ? "an alias (*name) of nothing; a text that begins with * must be in quotes"
        : "too many aliases",
    );
  }
  if (root === null || root === undefined) return {};
  if (isRecord(root)) return root;
  const kind = Array.isArray(root) ? "a list" : "a single value";
  throw new ConfigError(`${source}: the document must be a map of settings, got ${kind}`);
}
