import type { MemoryHit } from "../../../dto/recall.js";

/** The memories that an answer may rest on, in the order in which they were found, at most so many. */
export class EvidencePool {
  readonly #hits = new Map<string, MemoryHit>();
  readonly #most: number;

  /** @param initial - They stay, also when they are more than `most`. */
  constructor(initial: readonly MemoryHit[], most: number) {
    this.#most = most;
    for (const hit of initial) this.#hits.set(this.#idOf(hit), hit);
  }

  get hits(): MemoryHit[] {
    return [...this.#hits.values()];
  }

  get(id: string): MemoryHit | undefined {
    return this.#hits.get(id);
  }

  add(hits: readonly MemoryHit[]): void {
    for (const hit of hits) {
      const id = this.#idOf(hit);
      if (this.#hits.size < this.#most && !this.#hits.has(id)) this.#hits.set(id, hit);
    }
  }

  /** Those of the ids that are in the pool, in its order; all when none is. */
  cited(ids: readonly string[]): MemoryHit[] {
    const wanted = new Set(ids);
    const cited = [...this.#hits].flatMap(([id, hit]) => (wanted.has(id) ? [hit] : []));
    return cited.length === 0 ? this.hits : cited;
  }

  /** An engine may give hits without an id; they can be shown, and not be cited. */
  #idOf({ memoryId }: MemoryHit): string {
    return memoryId ?? `unnamed-${this.#hits.size + 1}`;
  }
}
