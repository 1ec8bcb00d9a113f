import { ConfigError } from "../../errors.js";
import { importPeer } from "../../spi/import-peer.js";
import { translatePattern, UnsupportedPattern } from "./custom-translate.js";

/** Where something was found, as indices into the JavaScript string (UTF-16 units). */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** A scanner for one more type of personal data; `find` is linear in the text and gives spans in order, none empty. */
export interface CustomPattern {
  /** The PII type; that of a built-in scanner replaces it. */
  readonly name: string;
  readonly replacement: string;
  find(text: string): readonly TextSpan[];
}

export interface CustomPatternOptions {
  readonly name: string;
  /** In the syntax of Python's `re`, without look-around and back references; at most 1000 characters. */
  readonly pattern: string;
  /** @defaultValue `[<NAME>_REDACTED]` with the name in capitals */
  readonly replacement?: string | undefined;
}

/** A compiled pattern, as `RE2JS` has it. */
export interface EnginePattern {
  programSize(): number;
  matcher(text: string): {
    find(start: number): boolean;
    start(): number;
    end(): number;
  };
}

/** A regular-expression engine that never backtracks: the class `RE2JS` of the package `re2js`. */
export interface PatternEngine {
  compile(pattern: string): EnginePattern;
}

const maxPatternLength = 1000;
/** Cost per character grows with the program; `(?:\w+\.)+` takes 10 instructions, a repeat counted to 100 about 100. */
const maxInstructions = 300;
/** No match may look further, so that a pattern that runs far ahead at every position stays linear. */
const windowLength = 256;
const overlap = windowLength / 2;

/**
 * Loads the engine of custom patterns, the optional peer `re2js`.
 *
 * @throws MissingPeerError when the package is not installed.
 */
export async function loadPatternEngine(): Promise<PatternEngine> {
  const { RE2JS } = await importPeer("re2js", "custom PII patterns", () => import("re2js"));
  return RE2JS;
}

function isInsidePair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  const before = text.charCodeAt(at - 1);
  return unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
}

/** The start of the character before, so that an assertion at `at` sees it. */
function previous(text: string, at: number): number {
  if (at === 0) return 0;
  return isInsidePair(text, at - 1) ? at - 2 : at - 1;
}

function windowEnd(text: string, from: number): number {
  const end = Math.min(text.length, from + windowLength);
  return isInsidePair(text, end) ? end - 1 : end;
}

/** The matches that begin in one window, and where the next window begins. */
function findInWindow(
  pattern: EnginePattern,
  text: string,
  from: number,
): { spans: TextSpan[]; next: number } {
  const base = previous(text, from);
  const end = windowEnd(text, from);
  const isLast = end === text.length;
  const limit = isLast ? end : from + overlap;
  const matcher = pattern.matcher(text.slice(base, end));
  const spans: TextSpan[] = [];
  let at = from;
  while (at < limit && matcher.find(at - base)) {
    const span = { start: base + matcher.start(), end: base + matcher.end() };
    if (span.start >= limit) break;
    // It may go on behind the window, so it gets one of its own.
    if (span.end === end && !isLast && span.start > from) return { spans, next: span.start };
    if (span.end > span.start) spans.push(span);
    at = span.end > span.start ? span.end : span.end + 1;
    if (isInsidePair(text, at)) at += 1;
  }
  const next = Math.max(limit, at);
  return { spans, next: isInsidePair(text, next) ? next + 1 : next };
}

function findAll(pattern: EnginePattern, text: string): TextSpan[] {
  const found: TextSpan[] = [];
  let from = 0;
  while (from < text.length) {
    const { spans, next } = findInWindow(pattern, text, from);
    for (const span of spans) found.push(span);
    from = next;
  }
  return found;
}

function compile(name: string, pattern: string, engine: PatternEngine): EnginePattern {
  const refuse = (reason: string, cause?: unknown) =>
    new ConfigError(
      `custom PII pattern "${name}": ${reason}`,
      cause === undefined ? undefined : { cause },
    );
  if (typeof pattern !== "string" || pattern === "") {
    throw refuse("pattern must be a regular expression, got an empty one");
  }
  if (pattern.length > maxPatternLength) {
    throw refuse(`pattern has ${pattern.length} characters, at most ${maxPatternLength}`);
  }
  const translated = translatePattern(pattern);
  if (translated instanceof UnsupportedPattern) {
    throw refuse(`${translated.reason}; patterns run in linear time, without it`);
  }
  let compiled: EnginePattern;
  try {
    compiled = engine.compile(translated);
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : "the engine refuses it", error);
  }
  const instructions = compiled.programSize();
  if (instructions > maxInstructions) {
    throw refuse(
      `it expands to ${instructions} steps, at most ${maxInstructions}; lower its counted repeats`,
    );
  }
  return compiled;
}

/**
 * Makes a scanner of a regular expression in Python's syntax. It runs on RE2, without backtracking.
 *
 * `\d`, `\w` and `\s` know all of Unicode, as in Python; `\b` sees ASCII words only, so that `\b` next to another letter or a
 * full-width digit does not match. Empty matches are ignored. A match is certain up to 128 characters; of a longer one, at
 * most 256 characters at a time are seen. Time is linear in the text, well under a second a megabyte for an ordinary pattern; one
 * that reads on behind what it matches, such as `1(.*x)?`, reads up to 256 characters for each match, several seconds a megabyte
 * where it matches at every character.
 *
 * @throws ConfigError that names the pattern, when it needs backtracking, is malformed, or counts so far that it would be slow.
 */
export function compileCustomPattern(
  { name, pattern, replacement }: CustomPatternOptions,
  engine: PatternEngine,
): CustomPattern {
  if (typeof name !== "string" || name.trim() === "") {
    throw new ConfigError("custom PII pattern: name must be a text that is not blank");
  }
  const compiled = compile(name, pattern, engine);
  return {
    name,
    replacement: replacement ?? `[${name.toUpperCase()}_REDACTED]`,
    find: (text) => findAll(compiled, text),
  };
}
