/** Ranks of a byte-level BPE by token, its bytes written as Latin-1 text. */
export type BytePairRanks = ReadonlyMap<string, number>;

const positions = 2 ** 32;

/** Pairs to be merged, the lowest rank first and of equals the leftmost: a binary heap of `rank * 2^32 + position`. */
class MergeQueue {
  readonly #heap: number[] = [];

  push(rank: number, position: number): void {
    const heap = this.#heap;
    const entry = rank * positions + position;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] ?? 0;
      if (above <= entry) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  pop(): { rank: number; position: number } | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (heap.length > 0) this.#sink(last);
    return { rank: Math.floor(first / positions), position: first % positions };
  }

  #sink(entry: number): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const left = at * 2 + 1;
      const right = heap[left + 1] ?? Number.POSITIVE_INFINITY;
      const child = right < (heap[left] ?? Number.POSITIVE_INFINITY) ? left + 1 : left;
      const below = heap[child] ?? Number.POSITIVE_INFINITY;
      if (below >= entry) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = entry;
  }
}

/**
 * How many tokens a piece of text becomes when the neighbours of lowest rank are merged until none can be (Sennrich,
 * Haddow and Birch, ACL 2016). Takes n log n time of the bytes, where merging by a scan takes n².
 *
 * @param bytes - The UTF-8 bytes of the piece, written as Latin-1 text.
 */
export function bytePairCount(bytes: string, ranks: BytePairRanks): number {
  if (ranks.has(bytes)) return 1;
  const end = bytes.length;
  /**
   * Of each part, by its first byte: where it ends, where the part before begins, and the rank of it and the next
   * together.
   */
  const ends = Uint32Array.from({ length: end }, (_, index) => index + 1);
  const previous = Int32Array.from({ length: end }, (_, index) => index - 1);
  const pairRanks = new Float64Array(end);
  const queue = new MergeQueue();
  const consider = (start: number): void => {
    const next = ends[start] ?? end;
    const rank = next < end ? ranks.get(bytes.slice(start, ends[next])) : undefined;
    pairRanks[start] = rank ?? -1;
    if (rank !== undefined) queue.push(rank, start);
  };
  for (let start = 0; start < end; start += 1) consider(start);
  let count = end;
  for (let best = queue.pop(); best !== undefined; best = queue.pop()) {
    const { rank, position } = best;
    // Merges elsewhere have made an entry stale when the pair at its place has another rank by now.
    if (pairRanks[position] !== rank) continue;
    const absorbed = ends[position] ?? end;
    const next = ends[absorbed] ?? end;
    pairRanks[absorbed] = -1;
    ends[position] = next;
    if (next < end) previous[next] = position;
    count -= 1;
    consider(position);
    const before = previous[position] ?? -1;
    if (before >= 0) consider(before);
  }
  return count;
}
