/** Also a `Date` of another realm. */
export function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === "[object Date]";
}

/** A date from milliseconds since the Unix epoch. */
export function dateOf(epochMs: number): Date {
  return new Date(epochMs);
}

/** Milliseconds of text that `Date` can read; undefined for other text. */
export function parseDate(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
