const truths: readonly string[] = ["true", "yes", "on", "1"];
const falsehoods: readonly string[] = ["false", "no", "off", "0"];

/** The flag that a text stands for, in any case; undefined for other texts. */
export function flagOf(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (truths.includes(word)) return true;
  return falsehoods.includes(word) ? false : undefined;
}
