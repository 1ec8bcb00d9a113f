/** Plain BM25 (k1 1.2, b 0.75) over words in lower case with a crude plural stemmer: the usual lexical baseline. */
function words(text: string): string[] {
  return (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).map((word) =>
    word.length > 3 ? word.replace(/(?:ing|ed|es|s)$/, "") : word,
  );
}

export function bm25Ranking(texts: readonly string[]): (query: string) => number[] {
  const counts = texts.map((text) => {
    const tally = new Map<string, number>();
    for (const word of words(text)) tally.set(word, (tally.get(word) ?? 0) + 1);
    return tally;
  });
  const lengths = counts.map((tally) => [...tally.values()].reduce((sum, count) => sum + count, 0));
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, texts.length);
  const holders = new Map<string, number>();
  for (const tally of counts) {
    for (const word of tally.keys()) holders.set(word, (holders.get(word) ?? 0) + 1);
  }
  return (query) => {
    const asked = [...new Set(words(query))];
    const scores = counts.map((tally, at) => {
      let score = 0;
      for (const word of asked) {
        const count = tally.get(word) ?? 0;
        if (count === 0) continue;
        const holding = holders.get(word) ?? 0;
        const rarity = Math.log(1 + (texts.length - holding + 0.5) / (holding + 0.5));
        const norm = 0.25 + (0.75 * (lengths[at] ?? 0)) / meanLength;
        score += (rarity * count * 2.2) / (count + 1.2 * norm);
      }
      return score;
    });
    return orderOf(scores);
  };
}

/** Places by score, best first; equal scores in their own order. */
export function orderOf(scores: readonly number[]): number[] {
  return [...scores.keys()].toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
}
