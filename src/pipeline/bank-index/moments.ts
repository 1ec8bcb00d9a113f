/** What standardises values: `(value - mean) * scale` is their deviation from the mean in standard deviations. */
export interface Moments {
  readonly mean: number;
  /** One over the standard deviation; 0 when the values do not vary. */
  readonly scale: number;
}

/** The moments of the values at the given places. */
export function momentsOf(values: Float32Array, places: Int32Array): Moments {
  let sum = 0;
  let squares = 0;
  for (let place = 0; place < places.length; place += 1) {
    const value = values[places[place] ?? 0] ?? 0;
    sum += value;
    squares += value * value;
  }
  const mean = sum / places.length;
  const variance = squares / places.length - mean * mean;
  return { mean, scale: variance > 1e-12 ? 1 / Math.sqrt(variance) : 0 };
}
