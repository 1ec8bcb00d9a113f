import { isRecord } from "../../../dto/is-record.js";
import { readText } from "../../llm/reply-values.js";
import { parseFencedJson } from "../../llm/tolerant-json.js";

const actions = ["add", "update", "merge", "skip", "delete"] as const;
const layers = ["fact", "observation", "model"] as const;

export type CurationAction = (typeof actions)[number];
export type CuratedLayer = (typeof layers)[number];

/** What to do with a content. The content itself is never the model's. */
export interface CurationDecision {
  readonly action: CurationAction;
  readonly memoryLayer: CuratedLayer;
  readonly reasoning: string;
  /** The memory that is updated, merged or deleted; one of those the model was shown. */
  readonly targetId?: string | undefined;
}

export const unreadableDecision: CurationDecision = {
  action: "add",
  memoryLayer: "fact",
  reasoning: "Failed to parse LLM response, defaulting to ADD",
};

function needsTarget(action: CurationAction): boolean {
  return action === "update" || action === "merge" || action === "delete";
}

/**
 * Reads `{ action, memory_layer, reasoning, merge_target_id }`, bare or fenced. What is unknown becomes `add` and `fact`; a
 * target that the model was not shown does not count, and what needs one becomes `add`.
 */
export function parseCuration(reply: string, shownIds: readonly string[]): CurationDecision {
  const parsed = parseFencedJson(reply);
  if (!isRecord(parsed)) return unreadableDecision;
  const word = readText(parsed["action"])?.toLowerCase();
  const layer = readText(parsed["memory_layer"])?.toLowerCase();
  const targetId = readText(parsed["merge_target_id"]);
  const isShown = targetId !== undefined && shownIds.includes(targetId);
  const action = actions.find((name) => name === word) ?? "add";
  return {
    action: needsTarget(action) && !isShown ? "add" : action,
    memoryLayer: layers.find((name) => name === layer) ?? "fact",
    reasoning: readText(parsed["reasoning"]) ?? "",
    ...(isShown ? { targetId } : {}),
  };
}
