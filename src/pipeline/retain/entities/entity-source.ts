import type { Pipeline } from "../../pipeline.js";
import { plainSetting, type ExtractionProfile } from "../extraction/extraction-profile.js";

/** Where the entities of a content come from. */
export type EntitySource = "none" | "metadata" | "model";

/**
 * The profile decides; where it says nothing, a model is asked only when that is switched on. The people that metadata names
 * cost nothing, so that they are taken instead, but by the preset `reference`, which does so for profiles only.
 */
export function entitySource(
  { graphStore, llm, options }: Pipeline,
  profile: ExtractionProfile | undefined,
): EntitySource {
  if (graphStore === undefined) return "none";
  const { entityExtraction: setting } = profile ?? {};
  const word = typeof setting === "string" ? plainSetting(setting) : setting;
  if (word === "metadata") return "metadata";
  if (word === false || word === "disabled") return "none";
  const isAsked = word !== undefined || options.enableEntityExtraction === true;
  if (isAsked && llm !== undefined) return "model";
  return options.preset === "reference" ? "none" : "metadata";
}
