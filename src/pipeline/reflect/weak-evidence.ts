import type { ReflectRequest } from "../../dto/reflect.js";
import type { Pipeline } from "../pipeline.js";
import type { Evidence } from "./gather-evidence.js";
import { abstentionFloor, abstentionSkepticism, shouldAbstain } from "./plan/abstention.js";

const hitsLookedAt = 5;

/** Whether the scores of hits are no similarities, as those of the default ranking. */
function ranksByIndex({ options }: Pipeline): boolean {
  return options.preset !== "reference";
}

/**
 * The similarity by which the prompt is chosen. Outside of the preset `reference`, nothing found by meaning, as without
 * embeddings, says nothing against the evidence.
 */
export function strengthOf(pipeline: Pipeline, { topSemanticScore }: Evidence): number {
  return ranksByIndex(pipeline) && topSemanticScore === 0 ? 1 : topSemanticScore;
}

/**
 * Whether the evidence is too weak to answer from. Where scores are no similarities, a memory that was found by its words
 * speaks for itself.
 */
export function isTooWeak(
  pipeline: Pipeline,
  { dispositions }: ReflectRequest,
  { hits, topSemanticScore }: Evidence,
): boolean {
  const { isEnabled, baseFloor } = pipeline.reflectSettings.abstention;
  const floor = abstentionFloor(abstentionSkepticism(dispositions, isEnabled), baseFloor);
  if (!ranksByIndex(pipeline)) return shouldAbstain(hits, topSemanticScore, floor);
  const hasWords = hits
    .slice(0, hitsLookedAt)
    .some(({ strategies }) => strategies?.includes("keyword"));
  return !hasWords && shouldAbstain([], topSemanticScore, floor);
}
