/** Whether the left place ranks before the right one. */
export type IsBefore = (left: number, right: number) => boolean;

/** Moves the last element of a heap up to where it belongs; its first one ranks last. */
function rise(heap: number[], isBefore: IsBefore): void {
  let at = heap.length - 1;
  const place = heap[at] ?? 0;
  while (at > 0) {
    const above = (at - 1) >>> 1;
    const parent = heap[above] ?? 0;
    if (!isBefore(parent, place)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = place;
}

/** Puts a place where the first one was, and down to where it belongs. */
function sink(heap: number[], place: number, isBefore: IsBefore): void {
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && isBefore(heap[below] ?? 0, heap[below + 1] ?? 0)) below += 1;
    const child = heap[below] ?? 0;
    if (!isBefore(place, child)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = place;
}

/** The places that rank first, in order, without sorting the others. */
export function topPlaces(places: Int32Array, limit: number, isBefore: IsBefore): number[] {
  if (limit <= 0) return [];
  const heap: number[] = [];
  for (const place of places) {
    if (heap.length < limit) {
      heap.push(place);
      rise(heap, isBefore);
    } else if (isBefore(place, heap[0] ?? 0)) sink(heap, place, isBefore);
  }
  return heap.toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
}
