import { interrupt } from "@langchain/langgraph";
import { InvalidArgumentError, type RetainItem } from "astrocyte";
import type { ForgetSelection } from "./forget-node.js";
import { isRecord } from "./is-record.js";

/** One thing that somebody has to look at. */
export interface ReviewItem {
  /** Why the policy asks. */
  readonly reason: string;
  /** What would be retained, or the text of a memory that would be forgotten. */
  readonly text?: string | undefined;
  readonly memoryId?: string | undefined;
}

/** What a graph is interrupted with; plain JSON. */
export interface ReviewRequest {
  readonly type: "astrocyte.review";
  readonly operation: "retain" | "forget";
  readonly bankId: string;
  readonly items: readonly ReviewItem[];
  /** What a forget would select. */
  readonly selection?: ForgetSelection | undefined;
}

/** What the graph is resumed with: `new Command({ resume: "approve" })`. */
export type ReviewDecision = "approve" | "reject";

/** Says why somebody has to look at a content before it is retained; undefined when nobody has to. */
export type RetainPolicy = (item: RetainItem) => string | undefined;

function decisionOf(answer: unknown): ReviewDecision {
  const decision = isRecord(answer) ? answer["decision"] : answer;
  if (decision === "approve" || decision === "reject") return decision;
  throw new InvalidArgumentError(
    'Resume a review with "approve" or "reject", or an object that has one as its decision',
  );
}

/**
 * Interrupts the graph until somebody decides; needs a checkpointer. A graph that is resumed runs the node again from its start,
 * so nothing may be done before.
 *
 * @throws InvalidArgumentError for an answer that is no decision, and then nothing is done.
 */
export function askReview(request: ReviewRequest): boolean {
  return decisionOf(interrupt<ReviewRequest, unknown>(request)) === "approve";
}
