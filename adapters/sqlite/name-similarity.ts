const maxLength = 200;

function longestCommonBlock(
  a: readonly string[],
  b: readonly string[],
): { aStart: number; bStart: number; size: number } {
  const best = { aStart: 0, bStart: 0, size: 0 };
  let previous = new Uint8Array(b.length + 1);
  for (const [i, left] of a.entries()) {
    const current = new Uint8Array(b.length + 1);
    for (const [j, right] of b.entries()) {
      if (left !== right) continue;
      const size = (previous[j] ?? 0) + 1;
      current[j + 1] = size;
      if (size > best.size)
        Object.assign(best, { aStart: i + 1 - size, bStart: j + 1 - size, size });
    }
    previous = current;
  }
  return best;
}

function matchingCharacters(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  const { aStart, bStart, size } = longestCommonBlock(a, b);
  if (size === 0) return 0;
  return (
    size +
    matchingCharacters(a.slice(0, aStart), b.slice(0, bStart)) +
    matchingCharacters(a.slice(aStart + size), b.slice(bStart + size))
  );
}

/** The form in which names are compared: compatibility forms unified, case ignored. */
export function foldName(name: string): string {
  return name.normalize("NFKC").toLowerCase().trim();
}

/**
 * How alike two folded names are, in `[0, 1]`: twice the characters in common blocks, divided by all characters.
 *
 * The blocks are the longest common run and, again, what matches on either side of it. Only the first 200 code points
 * count, and both orders give the same result.
 *
 * @remarks Ratcliff and Obershelp, 1988; Python's `difflib` computes the same ratio.
 */
export function nameSimilarity(first: string, second: string): number {
  const [a, b] = first < second ? [first, second] : [second, first];
  if (a === b) return 1;
  const left = Array.from(a).slice(0, maxLength);
  const right = Array.from(b).slice(0, maxLength);
  return (2 * matchingCharacters(left, right)) / (left.length + right.length);
}
