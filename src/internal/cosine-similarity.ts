/** Scaled by the largest component, so that squares neither overflow nor vanish. */
function scaled(vector: readonly number[]): number[] {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest === 0 ? [] : vector.map((value) => value / largest);
}

/** For store authors: cosine of two vectors of equal length, clamped to `[0, 1]`; 0 when either is zero. */
export function cosineSimilarity(a: readonly number[], b: readonly number[]): number {
  const left = scaled(a);
  const right = scaled(b);
  if (left.length === 0 || right.length === 0) return 0;
  let dot = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? 0;
    dot += value * other;
    leftSquares += value * value;
    rightSquares += other * other;
  }
  return Math.min(1, Math.max(0, dot / Math.sqrt(leftSquares * rightSquares)));
}
