/** Values of one statement, and the places that stand for them. */
export interface Bindings {
  readonly values: unknown[];
  /** Adds a value, and gives its place: `$1`, `$2`. */
  readonly bind: (value: unknown) => string;
}

export function bindings(): Bindings {
  const values: unknown[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
}
