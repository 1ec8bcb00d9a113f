const punctuation = new Set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");

/** Removes ASCII punctuation at both ends. */
export function stripPunctuation(word: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && punctuation.has(word[start] ?? "")) start += 1;
  while (end > start && punctuation.has(word[end - 1] ?? "")) end -= 1;
  return word.slice(start, end);
}
