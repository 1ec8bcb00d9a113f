import { codePointLength } from "../../internal/code-points.js";
import { codePointOffsetsOf } from "./code-point-offsets.js";
import type { PiiMatch } from "./pii-match.js";

const firstWord = /[\p{L}\p{N}_]+/u;
const words = /[\p{L}\p{N}_]+/gu;
const wordCharacterFirst = /^[\p{L}\p{N}_]/u;
const wordCharacterLast = /[\p{L}\p{N}_]$/u;
/** What one word can stand for; more names with the same first word are found only where they were listed. */
const maxAlike = 100;

/** What was found, and where in it the first word begins, in UTF-16 units. */
interface Known {
  readonly match: PiiMatch;
  readonly wordStart: number;
}

/** By their first word: `+49 30 1` is looked for at every `49`. */
function indexByWord(matches: readonly PiiMatch[]): Map<string, Known[]> {
  const index = new Map<string, Known[]>();
  const seen = new Set<string>();
  for (const match of matches) {
    const key = `${match.type}:${match.text}`;
    const word = firstWord.exec(match.text);
    if (word === null || seen.has(key)) continue;
    seen.add(key);
    const alike = index.get(word[0]) ?? [];
    if (alike.length < maxAlike) alike.push({ match, wordStart: word.index });
    index.set(word[0], alike);
  }
  return index;
}

function endsAtBoundary(text: string, end: number): boolean {
  const isInsideWord =
    wordCharacterLast.test(text.slice(Math.max(0, end - 2), end)) &&
    wordCharacterFirst.test(text.slice(end, end + 2));
  return !isInsideWord;
}

/** Every place of a text at which something already found elsewhere stands as whole words, in the same letters. */
export function mentionsIn(text: string, known: readonly PiiMatch[]): PiiMatch[] {
  const index = indexByWord(known);
  const mentions: PiiMatch[] = [];
  if (index.size === 0) return mentions;
  const offsetOf = codePointOffsetsOf(text);
  for (const word of text.matchAll(words)) {
    for (const { match, wordStart } of index.get(word[0]) ?? []) {
      const from = word.index - wordStart;
      if (from < 0 || !text.startsWith(match.text, from)) continue;
      if (!endsAtBoundary(text, from + match.text.length)) continue;
      const start = offsetOf(from);
      mentions.push({ ...match, start, end: start + codePointLength(match.text) });
    }
  }
  return mentions;
}

/**
 * Adds the other places where a text that was found stands as whole words: a model lists a name once, and the second
 * mention is as personal as the first.
 */
export function addRepeats(matches: readonly PiiMatch[], text: string): PiiMatch[] {
  return unionOfMatches(matches, mentionsIn(text, matches));
}

/** The matches of both; a span that both have, and one that the second gives twice, once. */
export function unionOfMatches(left: readonly PiiMatch[], right: readonly PiiMatch[]): PiiMatch[] {
  const known = new Set(left.map(spanKey));
  const further = right.filter((match) => {
    const key = spanKey(match);
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  });
  return [...left, ...further];
}

function spanKey({ type, start, end }: PiiMatch): string {
  return `${type}:${start}:${end}`;
}
