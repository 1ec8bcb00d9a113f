import { codePointLength } from "../../internal/code-points.js";
import type { PiiMatch } from "./pii-match.js";

const wordCharacter = /[\p{L}\p{N}_]/u;
const words = /[\p{L}\p{N}_]+/gu;
/** What one word can begin; more names that begin alike are found only where they were listed. */
const maxAlike = 100;

function leadingWord(text: string): string | undefined {
  const match = text.match(/^[\p{L}\p{N}_]+/u);
  return match === null ? undefined : match[0];
}

function endsAtBoundary(text: string, end: number): boolean {
  const code = text.codePointAt(end);
  const last = text.slice(end - 2, end);
  return (
    code === undefined ||
    !wordCharacter.test(String.fromCodePoint(code)) ||
    !/[\p{L}\p{N}_]$/u.test(last)
  );
}

/**
 * Adds the other places where a text that was found stands as whole words: a model lists a name once, and the second
 * mention is as personal as the first.
 */
export function addRepeats(matches: readonly PiiMatch[], text: string): PiiMatch[] {
  const alike = new Map<string, PiiMatch[]>();
  const seen = new Set<string>();
  const spans = new Set(matches.map(({ type, start, end }) => `${type}:${start}:${end}`));
  for (const match of matches) {
    const key = `${match.type}:${match.text}`;
    const word = leadingWord(match.text);
    if (word === undefined || seen.has(key)) continue;
    seen.add(key);
    const others = alike.get(word) ?? [];
    if (others.length < maxAlike) others.push(match);
    alike.set(word, others);
  }
  const all = [...matches];
  let unit = 0;
  let codePoint = 0;
  for (const word of alike.size === 0 ? [] : text.matchAll(words)) {
    for (const match of alike.get(word[0]) ?? []) {
      const unitEnd = word.index + match.text.length;
      if (!text.startsWith(match.text, word.index) || !endsAtBoundary(text, unitEnd)) continue;
      codePoint += codePointLength(text.slice(unit, word.index));
      unit = word.index;
      const span = { start: codePoint, end: codePoint + codePointLength(match.text) };
      const key = `${match.type}:${span.start}:${span.end}`;
      if (!spans.has(key)) all.push({ ...match, ...span });
      spans.add(key);
    }
  }
  return all;
}
