import type { VectorItem } from "../dto/vector.js";
import type { BankOptions } from "../spi/call-options.js";
import type { VectorStore } from "../spi/vector-store.js";

const pageSize = 200;

/** Every memory of a bank, page by page; the bank must not change meanwhile. */
export async function* listAllVectors(
  store: VectorStore,
  { bankId, signal }: BankOptions,
): AsyncGenerator<VectorItem, void> {
  for (let offset = 0; ; offset += pageSize) {
    signal?.throwIfAborted();
    const page = await store.listVectors({ bankId, offset, limit: pageSize, signal });
    yield* page;
    if (page.length < pageSize) return;
  }
}

/** Memories by id, through `getByIds` or by paging; unknown ids are left out. */
export async function findVectors(
  store: VectorStore,
  ids: readonly string[],
  options: BankOptions,
): Promise<Map<string, VectorItem>> {
  const found = new Map<string, VectorItem>();
  if (ids.length === 0) return found;
  if (store.getByIds !== undefined) {
    for (const item of await store.getByIds(ids, options)) found.set(item.id, item);
    return found;
  }
  const wanted = new Set(ids);
  for await (const item of listAllVectors(store, options)) {
    if (wanted.has(item.id)) found.set(item.id, item);
    if (found.size === wanted.size) break;
  }
  return found;
}
