/*
 * The reference's rerank (05 section 6.8), which is not built here: what it adds to a fused score for words that the query
 * and a memory share.
 */

const questionWords = new Set(
  "what when where who why how which did does do is are was were has have can could would should will tell describe".split(
    " ",
  ),
);
const overlapWeight = 0.05;
const properNounWeight = 0.1;
const punctuationAtEnds = /^[!-/:-@[-`{-~]+|[!-/:-@[-`{-~]+$/g;

function words(text: string): string[] {
  return text
    .split(/\s+/u)
    .map((word) => word.replace(punctuationAtEnds, ""))
    .filter((word) => word !== "");
}

/** Title case as Python has it: "O'Brien" is, "McDonald" is not. */
function isTitleCase(word: string): boolean {
  return /\p{Lu}/u.test(word) && !/\p{L}\p{Lu}|(?<!\p{L})\p{Ll}/u.test(word);
}

function isProperNoun(word: string): boolean {
  if (questionWords.has(word.toLowerCase()) || !/^\p{L}(?:[\p{L}'‘’-]*\p{L})?$/u.test(word)) {
    return false;
  }
  return isTitleCase(word) || (/^\P{Ll}{2,}$/u.test(word) && /\p{Lu}/u.test(word));
}

/** What the rerank adds to the score of a text, observations apart. */
export function rerankBoost(query: string, text: string): number {
  const held = new Set(words(text).map((word) => word.toLowerCase()));
  const terms = new Set(
    words(query)
      .map((word) => word.toLowerCase())
      .filter((word) => !questionWords.has(word)),
  );
  const names = new Set(
    words(query)
      .filter(isProperNoun)
      .map((word) => word.toLowerCase()),
  );
  const shared = [...terms].filter((term) => held.has(term)).length;
  const named = [...names].filter((name) => held.has(name)).length;
  return overlapWeight * shared + properNounWeight * named;
}
