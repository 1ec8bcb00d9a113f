import type { Timestamp } from "../../../dto/timestamp.js";
import type { VectorHit } from "../../../dto/vector.js";
import {
  observationMetadata,
  observationScope,
  readObservation,
  type ObservationFacts,
} from "./observation.js";
import type { ObservationAction } from "./parse-observation-actions.js";
import type { Metadata } from "../../../dto/metadata.js";

const defaultConfidence = 0.7;
const leastConfidence = 0.5;
/** Of one content; observations are drawn from its first memory alone. */
const mostNewSources = 100;
/** Beyond it an observation is left as it is: a source that it did not name could not take it along when it is forgotten. */
const mostSources = 500;

/** The memory that observations are drawn from. */
export interface ObservedMemory {
  readonly bankId: string;
  /** The content's first chunk. */
  readonly text: string;
  readonly memoryIds: readonly string[];
  readonly tags?: readonly string[] | undefined;
  /** When what it tells happened, else when it was retained. */
  readonly timestamp: Timestamp;
}

/** An observation to embed and to store. */
export interface PlannedObservation {
  readonly id: string;
  readonly text: string;
  readonly metadata: Metadata;
  /** The tags of what it was drawn from, so that a filter by tag holds for it too. */
  readonly tags?: readonly string[] | undefined;
}

export interface ObservationPlan {
  readonly store: readonly PlannedObservation[];
  /** To delete once the others are stored. */
  readonly deleteIds: readonly string[];
}

export interface PlanContext {
  readonly memory: ObservedMemory;
  /** The observations that the model was shown. */
  readonly shown: readonly VectorHit[];
  readonly createId: () => string;
  readonly now: Timestamp;
}

/** What becomes of an observation when one more memory speaks for it; a new one when there is none. */
function withProof(
  old: VectorHit | undefined,
  confidence: number | undefined,
  { memory, now }: PlanContext,
): ObservationFacts {
  const scope = observationScope(memory.bankId, memory.tags);
  const newSources = memory.memoryIds.slice(0, mostNewSources);
  if (old === undefined) {
    return {
      proofCount: 1,
      confidence: confidence ?? defaultConfidence,
      sourceIds: newSources,
      sourceTimestamps: [memory.timestamp],
      scope,
      createdAt: now,
      updatedAt: now,
    };
  }
  const facts = readObservation(old.metadata, { scope, now });
  return {
    ...facts,
    proofCount: facts.proofCount + 1,
    confidence: confidence ?? facts.confidence,
    sourceIds: [...new Set([...facts.sourceIds, ...newSources])],
    sourceTimestamps: [...facts.sourceTimestamps, memory.timestamp].slice(-mostSources),
    updatedAt: now,
  };
}

/**
 * Turns actions into what to store and what to delete. A new observation needs a confidence of 0.5; an update replaces the
 * old one by a new id with one proof more, and is stored also when the model names an id that it was not shown; only what it
 * was shown is deleted. Where more than 500 memories would speak for an observation, nothing changes.
 */
export function planObservations(
  actions: readonly ObservationAction[],
  context: PlanContext,
): ObservationPlan {
  const { memory, shown, createId } = context;
  const byId = new Map(shown.map((hit) => [hit.id, hit]));
  const store: PlannedObservation[] = [];
  const deleteIds = new Set<string>();
  for (const action of actions) {
    const old = action.action === "create" ? undefined : byId.get(action.observationId);
    // The same observation twice in one reply: the first word counts.
    if (old !== undefined && deleteIds.has(old.id)) continue;
    if (action.action === "delete") {
      if (old !== undefined) deleteIds.add(old.id);
      continue;
    }
    const facts = withProof(old, action.confidence, context);
    if (facts.sourceIds.length > mostSources) continue;
    if (old !== undefined) deleteIds.add(old.id);
    if (action.action === "create" && facts.confidence < leastConfidence) continue;
    const { tags } = old ?? memory;
    store.push({
      id: createId(),
      text: action.text,
      metadata: observationMetadata(facts),
      ...(tags === undefined || tags.length === 0 ? {} : { tags: [...tags] }),
    });
  }
  return { store, deleteIds: [...deleteIds] };
}
