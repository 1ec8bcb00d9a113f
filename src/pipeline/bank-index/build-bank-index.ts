import type { VectorItem } from "../../dto/vector.js";
import type { BankOptions } from "../../spi/call-options.js";
import type { VectorStore } from "../../spi/vector-store.js";
import { listAllVectors } from "../list-all-vectors.js";
import { BankIndex } from "./bank-index.js";
import { compareOrder, memoryOrder, type MemoryOrder } from "./memory-order.js";
import { setImmediate as othersRun } from "node:timers/promises";

/** Memories between two pauses: some milliseconds' work. */
const sliceSize = 200;

/** Every memory of a bank, with pauses in which others run; undefined when there are more than so many. */
export async function readBank(
  store: VectorStore,
  options: BankOptions,
  maxSize: number,
): Promise<VectorItem[] | undefined> {
  const items: VectorItem[] = [];
  for await (const item of listAllVectors(store, options)) {
    if (items.length === maxSize) return undefined;
    items.push(item);
    // A store in this process answers without ever leaving it to others.
    if (items.length % sliceSize === 0) await othersRun();
  }
  return items;
}

/** Works through a list in slices, with pauses in which others run. */
async function inSlices<Item>(
  items: readonly Item[],
  work: (slice: readonly Item[]) => void,
): Promise<void> {
  for (let start = 0; start < items.length; start += sliceSize) {
    work(items.slice(start, start + sliceSize));
    await othersRun();
  }
}

/** The index that adding all of these at once would give, built with pauses in which others run. */
export async function buildBankIndex(items: readonly VectorItem[]): Promise<BankIndex> {
  const index = new BankIndex();
  index.reserve(items.length);
  const placed: { readonly item: VectorItem; readonly order: MemoryOrder }[] = [];
  await inSlices(items, (slice) => {
    placed.push(...slice.map((item) => ({ item, order: memoryOrder(item) })));
  });
  placed.sort((a, b) => compareOrder(a.order, b.order));
  await inSlices(placed, (slice) => index.add(slice.map(({ item }) => item)));
  return index;
}
