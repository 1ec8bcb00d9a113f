import type { BankIndex, IndexedMemory } from "./bank-index.js";

/** The memories of a bank that may be returned; the ranking looks at no others. */
export interface Shown {
  /** Their slots, ascending. */
  readonly places: Int32Array;
  /** 1 for each of them, by slot; undefined when they are all that are live. */
  readonly mask: Uint8Array | undefined;
}

/** @param accepts - Absent, all may be returned. */
export function shownIn(
  index: BankIndex,
  accepts: ((item: IndexedMemory) => boolean) | undefined,
): Shown {
  const { livePlaces } = index;
  if (accepts === undefined) return { places: livePlaces, mask: undefined };
  const mask = new Uint8Array(index.slotCount);
  const places = livePlaces.filter((at) => {
    const item = index.item(at);
    if (item === undefined || !accepts(item)) return false;
    mask[at] = 1;
    return true;
  });
  return places.length === livePlaces.length ? { places, mask: undefined } : { places, mask };
}
