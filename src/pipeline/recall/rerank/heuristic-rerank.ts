import { pairKey } from "../../../internal/pair-key.js";
import { trim } from "../../../internal/whitespace.js";
import { layerBoost } from "./layer-boost.js";
import { titleCaseNames } from "./names.js";
import { byScore, type RankedMemory } from "./ranked-memory.js";
import { contentTerms, countShared, termsOf } from "./terms.js";

const mostBigrams = 3;

function bigramsOf(terms: readonly string[]): Set<string> {
  return new Set(terms.slice(1).map((term, index) => pairKey(terms[index] ?? "", term)));
}

/** A name that both have speaks for the memory, only other names against it; a query without names says nothing. */
function nameBoost(wanted: ReadonlySet<string>, text: string): number {
  if (wanted.size === 0) return 0;
  const held = titleCaseNames(text);
  if (countShared(wanted, held) > 0) return 0.25;
  return held.size > 0 ? -0.2 : 0;
}

/**
 * Stands in for a cross-encoder: adds up to 0.35 for the share of the query's content terms, 0.08 for each of at most three
 * shared bigrams, a boost for derived memories, and what names say; no score falls below 0. For a blank query the order stays.
 *
 * @remarks Contract 05 section 7, step 3.
 */
export function heuristicRerank<Memory extends RankedMemory>(
  query: string,
  memories: readonly Memory[],
): Memory[] {
  if (trim(query) === "") return [...memories];
  const content = contentTerms(query);
  const bigrams = bigramsOf(termsOf(query));
  const names = titleCaseNames(query);
  return byScore(
    memories.map((memory) => {
      const terms = termsOf(memory.text);
      const shared = content.size === 0 ? 0 : countShared(content, new Set(terms)) / content.size;
      const phrases = Math.min(countShared(bigrams, bigramsOf(terms)), mostBigrams);
      const score =
        memory.score +
        0.35 * shared +
        0.08 * phrases +
        layerBoost(memory) +
        nameBoost(names, memory.text);
      return { ...memory, score: Math.max(0, score) };
    }),
  );
}
