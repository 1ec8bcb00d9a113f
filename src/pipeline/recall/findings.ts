import type { RecallTrace } from "../../dto/recall.js";
import type { Candidate } from "./candidate.js";
import type { Fused } from "./fusion.js";

/** What a way of searching found, best first. */
export interface Findings {
  readonly entries: readonly Fused<Candidate>[];
  /** The highest similarity to the query; 0 without vectors. */
  readonly topSemanticScore: number;
  readonly trace: RecallTrace;
}
