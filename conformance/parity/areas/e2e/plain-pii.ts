/** Personal data as the recordings have it, in plain patterns; no match for what real content may hold. */
const patterns = [
  /[\w.%+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}/,
  /\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}/,
  /\d{3}-\d{2}-\d{4}/,
];

export function holdsPlainPii(text: string): boolean {
  return patterns.some((pattern) => pattern.test(text));
}
