interface Match {
  readonly aStart: number;
  readonly bStart: number;
  readonly size: number;
}

/** From 200 elements on, an element that makes up more than 1 % of the sequence says little and starts no match. */
function positionsOf(b: readonly string[]): Map<string, number[]> {
  const positions = new Map<string, number[]>();
  for (const [index, element] of b.entries()) {
    const list = positions.get(element);
    if (list === undefined) positions.set(element, [index]);
    else list.push(index);
  }
  if (b.length >= 200) {
    const most = Math.floor(b.length / 100) + 1;
    for (const [element, list] of positions) if (list.length > most) positions.delete(element);
  }
  return positions;
}

function longestMatch(
  a: readonly string[],
  b: readonly string[],
  positions: ReadonlyMap<string, readonly number[]>,
  [aLow, aHigh, bLow, bHigh]: readonly [number, number, number, number],
): Match {
  let best: Match = { aStart: aLow, bStart: bLow, size: 0 };
  let lengths = new Map<number, number>();
  for (let i = aLow; i < aHigh; i += 1) {
    const next = new Map<number, number>();
    for (const j of positions.get(a[i] ?? "") ?? []) {
      if (j < bLow || j >= bHigh) continue;
      const size = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { aStart: i - size + 1, bStart: j - size + 1, size };
    }
    lengths = next;
  }
  let { aStart, bStart, size } = best;
  while (aStart > aLow && bStart > bLow && a[aStart - 1] === b[bStart - 1]) {
    aStart -= 1;
    bStart -= 1;
    size += 1;
  }
  while (aStart + size < aHigh && bStart + size < bHigh && a[aStart + size] === b[bStart + size]) {
    size += 1;
  }
  return { aStart, bStart, size };
}

/**
 * How alike two texts are, in `[0, 1]`: twice the code points in matching blocks, divided by all code points.
 *
 * @remarks Ratcliff and Obershelp, 1988, with the choices of Python's `difflib.SequenceMatcher`; it is not symmetric.
 */
export function sequenceRatio(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  const total = left.length + right.length;
  if (total === 0) return 1;
  const positions = positionsOf(right);
  const open: (readonly [number, number, number, number])[] = [[0, left.length, 0, right.length]];
  let matched = 0;
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    const { aStart, bStart, size } = longestMatch(left, right, positions, range);
    if (size === 0) continue;
    matched += size;
    const [aLow, aHigh, bLow, bHigh] = range;
    open.push([aLow, aStart, bLow, bStart], [aStart + size, aHigh, bStart + size, bHigh]);
  }
  return (2 * matched) / total;
}
