import type { BankIndex } from "./bank-index.js";
import type { Shown } from "./shown.js";
import { none } from "./slot-columns.js";

/** Numbers of terms, and their mean. */
export interface Lengths {
  readonly values: Int32Array;
  readonly mean: number;
}

function withMean(values: Int32Array, count: number): Lengths {
  let sum = 0;
  for (const value of values) sum += value;
  return { values, mean: count === 0 ? 0 : sum / count };
}

/** Terms in each of the memories and in those of so many neighbours on either side that are among them, by slot. */
export function windowLengths(
  index: BankIndex,
  reach: number,
  { places, mask }: Shown = { places: index.livePlaces, mask: undefined },
): Lengths {
  const { length: terms, previous, next } = index.columns;
  const length = mask === undefined ? terms : terms.map((count, at) => count * (mask[at] ?? 0));
  const values = new Int32Array(index.slotCount);
  for (const at of places) {
    let sum = length[at] ?? 0;
    let before = previous[at] ?? none;
    let after = next[at] ?? none;
    for (let step = 0; step < reach; step += 1) {
      if (before !== none) {
        sum += length[before] ?? 0;
        before = previous[before] ?? none;
      }
      if (after !== none) {
        sum += length[after] ?? 0;
        after = next[after] ?? none;
      }
    }
    values[at] = sum;
  }
  return withMean(values, places.length);
}

/** Terms that the memories have in each session, by session number; one that was left by all counts in the mean. */
export function sessionLengths(
  index: BankIndex,
  { places }: Pick<Shown, "places"> = { places: index.livePlaces },
): Lengths {
  const { length, session } = index.columns;
  const values = new Int32Array(index.sessionCount);
  for (const at of places) {
    const number = session[at] ?? 0;
    values[number] = (values[number] ?? 0) + (length[at] ?? 0);
  }
  return withMean(values, index.sessionCount);
}
