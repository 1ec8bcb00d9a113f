import type { VectorFilters, VectorHit, VectorItem, VectorStore } from "astrocyte";
import { capabilitiesOf, type VectorStoreTarget } from "./target.js";

export const bankId = "bank";

/** A unit vector; `axis` is its only component, negative for the opposite direction. */
export function axis(target: VectorStoreTarget, index: number, length = 1): number[] {
  const { dimension = 8 } = target;
  return Array.from({ length: dimension }, (_, at) => (at === index % dimension ? length : 0));
}

/** Vectors ever further from axis 0 as `step` grows from 0; no two alike. */
export function tilted(target: VectorStoreTarget, step: number): number[] {
  const vector = axis(target, 0);
  vector[1] = step * 0.05;
  return vector;
}

export function memory(
  target: VectorStoreTarget,
  id: string,
  fields: Partial<VectorItem> = {},
): VectorItem {
  return { id, bankId, vector: axis(target, 0), text: `text of ${id}`, ...fields };
}

/** The most similar to axis 0. */
export function search(
  store: VectorStore,
  target: VectorStoreTarget,
  options: { bankId?: string; limit?: number; filters?: VectorFilters } = {},
): Promise<VectorHit[]> {
  return store.searchSimilar(axis(target, 0), { bankId, limit: 100, ...options });
}

export async function foundIds(
  store: VectorStore,
  target: VectorStoreTarget,
  filters?: VectorFilters,
): Promise<string[]> {
  const hits = await search(store, target, filters === undefined ? {} : { filters });
  return hits.map(({ id }) => id).toSorted();
}

/** Everything of a bank, as far as the store can show it. */
export async function contents(
  store: VectorStore,
  target: VectorStoreTarget,
  bank: string = bankId,
): Promise<{ id: string; text: string }[]> {
  const found = capabilitiesOf(target).supportsListing
    ? await store.listVectors({ bankId: bank, limit: 1000 })
    : await search(store, target, { bankId: bank, limit: 1000 });
  return found.map(({ id, text }) => ({ id, text }));
}

export async function idsIn(
  store: VectorStore,
  target: VectorStoreTarget,
  bank: string = bankId,
): Promise<string[]> {
  return (await contents(store, target, bank)).map(({ id }) => id).toSorted();
}
