/**
 * Values as deviations from their mean, in standard deviations, at the given places; zero elsewhere, and everywhere when they do
 * not vary.
 */
export function standardise(values: Float32Array, places: readonly number[]): Float32Array {
  const result = new Float32Array(values.length);
  let sum = 0;
  let squares = 0;
  for (const at of places) {
    const value = values[at] ?? 0;
    sum += value;
    squares += value * value;
  }
  const mean = sum / places.length;
  const variance = squares / places.length - mean * mean;
  if (!(variance > 1e-12)) return result;
  const scale = 1 / Math.sqrt(variance);
  for (const at of places) result[at] = ((values[at] ?? 0) - mean) * scale;
  return result;
}
