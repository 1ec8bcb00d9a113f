import assert from "node:assert/strict";
import type { BaseStoreLike, StoreItem, StoreSearch } from "./store-like.js";

/** The namespace of statements that need only one. */
export const home = ["home"];

export async function putAll(
  store: BaseStoreLike,
  values: Readonly<Record<string, Record<string, unknown>>>,
  namespace: string[] = home,
): Promise<void> {
  for (const [key, value] of Object.entries(values)) await store.put(namespace, key, value);
}

/** Up to 100 keys, in the order in which the store gives them. */
export async function searchKeys(
  store: BaseStoreLike,
  namespace: string[] = home,
  options: StoreSearch = {},
): Promise<string[]> {
  const items = await store.search(namespace, { limit: 100, ...options });
  return items.map(({ key }) => key);
}

export async function keysMatching(
  store: BaseStoreLike,
  filter: Record<string, unknown>,
): Promise<string[]> {
  return (await searchKeys(store, home, { filter })).toSorted();
}

/** The keys of all pages, one page after the other, until one is empty. */
export async function pagedKeys(
  store: BaseStoreLike,
  { pageSize, ...options }: StoreSearch & { pageSize: number },
): Promise<string[]> {
  const keys: string[] = [];
  for (let offset = 0; offset < 20 * pageSize; offset += pageSize) {
    const page = await store.search(home, { ...options, limit: pageSize, offset });
    if (page.length === 0) break;
    assert.ok(page.length <= pageSize, `a page of ${pageSize} holds ${page.length} items`);
    keys.push(...page.map(({ key }) => key));
  }
  return keys;
}

/** `item01`, `item02`, ... */
export function numberedKeys(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `item${String(at + 1).padStart(2, "0")}`);
}

/** Up to 100 namespaces, sorted. */
export async function namespacesIn(
  store: BaseStoreLike,
  options: { prefix?: string[]; suffix?: string[]; maxDepth?: number } = {},
): Promise<string[][]> {
  return sorted(await store.listNamespaces(options));
}

/** Namespaces in an order that says nothing about the store. */
export function sorted(namespaces: readonly (readonly string[])[]): string[][] {
  return namespaces
    .map((namespace) => JSON.stringify(namespace))
    .toSorted()
    .map((text): string[] => JSON.parse(text));
}

export function assertValue(
  item: StoreItem | null | undefined,
  value: Record<string, unknown>,
  message?: string,
): void {
  assert.ok(item, message ?? "the item must be there");
  assert.deepEqual(plain(item.value), plain(value), message);
}

/** A value as JSON knows it, without prototypes, and with its keys in order. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, plain(inner)]);
}

/** Whether a store refused a call, with any error: LangGraph names none. */
export async function isRefusedByStore(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return false;
  } catch {
    return true;
  }
}
