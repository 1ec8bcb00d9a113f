import type { Dispositions } from "../../../dto/dispositions.js";

const neutralSkepticism = 3;
const hitsLookedAt = 5;

/** What reflect answers when it abstains; no model is asked. */
export const abstentionAnswer = "insufficient evidence: no memory supports this question.";

/** The skepticism that decides about abstaining: the caller's, else neutral or, with abstention off, none. */
export function abstentionSkepticism(
  dispositions: Pick<Dispositions, "skepticism"> | undefined,
  isEnabled: boolean,
): number {
  return dispositions?.skepticism ?? (isEnabled ? neutralSkepticism : 1);
}

/**
 * The similarity below which evidence supports no answer: 0, that is never, for skepticism 1, and from there half of the base
 * more for each step, up to 1.
 *
 * @param baseFloor - The floor of neutral skepticism.
 * @remarks Contract 05 section 7, step 8: 0, 0.1, 0.2, 0.3 and 0.4 for 1 to 5.
 */
export function abstentionFloor(skepticism: number, baseFloor = 0.2): number {
  return skepticism <= 1 ? 0 : Math.min(1, baseFloor * 0.5 * (skepticism - 1));
}

/** Whether to abstain: neither the best similarity nor the score of any of the first five hits reaches the floor. */
export function shouldAbstain(
  hits: readonly { readonly score: number }[],
  topSemanticScore: number,
  floor: number,
): boolean {
  if (!(floor > 0) || topSemanticScore >= floor) return false;
  return hits.slice(0, hitsLookedAt).every(({ score }) => score < floor);
}
