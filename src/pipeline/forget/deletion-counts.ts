/** How many of each kind were deleted. */
export interface DeletionCounts {
  readonly vectors: number;
  /** Undefined without a document store. */
  readonly documents?: number | undefined;
  /** What the graph store calls its number; undefined without one, and where it goes with the vectors in one step. */
  readonly graph?: number | undefined;
  readonly observations: number;
}

export const nothingDeleted: DeletionCounts = { vectors: 0, observations: 0 };

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
}

export function addCounts(a: DeletionCounts, b: DeletionCounts): DeletionCounts {
  return {
    vectors: a.vectors + b.vectors,
    documents: sum(a.documents, b.documents),
    graph: sum(a.graph, b.graph),
    observations: a.observations + b.observations,
  };
}
