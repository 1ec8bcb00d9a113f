import type { Metadata } from "../../../dto/metadata.js";

/** What a ranking looks at; everything else of a memory is carried along. */
export interface RankedMemory {
  readonly id: string;
  readonly text: string;
  readonly score: number;
  readonly factType?: string | undefined;
  readonly memoryLayer?: string | undefined;
  readonly metadata?: Metadata | undefined;
}

/** The highest score first; equal scores keep their order. */
export function byScore<Memory extends { readonly score: number }>(
  memories: readonly Memory[],
): Memory[] {
  return memories.toSorted((a, b) => b.score - a.score);
}
