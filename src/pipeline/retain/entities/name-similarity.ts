import { sequenceRatio } from "../../../internal/sequence-ratio.js";
import { trim } from "../../../internal/whitespace.js";
import { firstCodePoints } from "../../llm/prompt-section.js";

/** Comparing takes time with the product of the lengths, and no name is this long. */
const mostCharacters = 512;

/**
 * How alike two names are, in `[0, 1]`, without regard to case; 0 when one is blank. Names are compared up to their first 512
 * code points, in an order that matters: `a` is the new name.
 */
export function nameSimilarity(a: string, b: string): number {
  const [left = "", right = ""] = [a, b].map((name) =>
    firstCodePoints(trim(name).toLowerCase(), mostCharacters),
  );
  return left === "" || right === "" ? 0 : sequenceRatio(left, right);
}
