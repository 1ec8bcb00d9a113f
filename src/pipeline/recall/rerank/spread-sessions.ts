import { byScore, type RankedMemory } from "./ranked-memory.js";

const penalty = 0.08;
const wantsAll = ["how many", "what are", "list", "all ", "which "];

/** Whether a question asks for everything there is, so that many memories of one session are welcome. */
function asksForAll(query: string): boolean {
  const text = query.toLowerCase();
  return wantsAll.some((words) => text.includes(words));
}

/**
 * Takes 0.08 from a memory's score for each earlier one of its session (`metadata.session_id`), down to 0, and sorts again.
 * Leaves the list as it is when the question asks for all there is.
 *
 * @remarks Contract 05 section 6.9.
 */
export function spreadSessions<Memory extends RankedMemory>(
  query: string,
  memories: readonly Memory[],
): Memory[] {
  if (asksForAll(query)) return [...memories];
  const seen = new Map<string, number>();
  return byScore(
    memories.map((memory) => {
      const session = memory.metadata?.["session_id"];
      if (!session) return memory;
      const key = String(session);
      const earlier = seen.get(key) ?? 0;
      seen.set(key, earlier + 1);
      // A score below 0, as a reranker may give, must not be raised to it.
      if (earlier === 0 || memory.score <= 0) return memory;
      return { ...memory, score: Math.max(0, memory.score - penalty * earlier) };
    }),
  );
}
