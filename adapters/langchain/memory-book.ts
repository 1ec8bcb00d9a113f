import type { BankOptions, Metadata, VectorItem, VectorStore } from "astrocyte";
import type { VersionedItem } from "./store-documents.js";

const versionKey = "_langchain_version";
const storeIdKey = "_langchain_id";
const replacedIdsKey = "_langchain_replaced_ids";
export const pageSize = 200;

/** A memory as the book beside a LangChain store has it. */
export interface Entry extends VersionedItem {
  /** By which the store deletes it; undefined until that is known. */
  readonly storeId: string | undefined;
  /** Those of documents that it replaces, until they are deleted: a process may end before. */
  readonly replacedIds: readonly string[];
}

export function toBook({ item, version, storeId, replacedIds }: Entry): VectorItem {
  return {
    ...item,
    metadata: {
      ...item.metadata,
      [versionKey]: version,
      ...(storeId === undefined ? {} : { [storeIdKey]: storeId }),
      ...(replacedIds.length === 0 ? {} : { [replacedIdsKey]: JSON.stringify(replacedIds) }),
    },
  };
}

/** A memory without what only the book knows. */
export function plain<Memory extends { readonly metadata?: Metadata | undefined }>(memory: Memory) {
  const { metadata = {}, ...rest } = memory;
  const {
    [versionKey]: _version,
    [storeIdKey]: _storeId,
    [replacedIdsKey]: _replacedIds,
    ...own
  } = metadata;
  return { ...rest, ...(Object.keys(own).length === 0 ? {} : { metadata: own }) };
}

function idsIn(value: unknown): string[] {
  const ids: unknown = typeof value === "string" ? JSON.parse(value) : [];
  return Array.isArray(ids) ? ids.map(String) : [];
}

export function fromBook(item: VectorItem): Entry {
  const version = item.metadata?.[versionKey];
  const storeId = item.metadata?.[storeIdKey];
  return {
    item: plain(item),
    version: typeof version === "string" ? version : "",
    storeId: typeof storeId === "string" ? storeId : undefined,
    replacedIds: idsIn(item.metadata?.[replacedIdsKey]),
  };
}

/** By code units, the same on every machine. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Tells the memories of all banks apart. */
export const keyOf = ({ bankId, id }: VectorItem) => JSON.stringify([bankId, id]);

/** Those of a bank's memories that are there. */
export async function entriesOf(
  book: VectorStore,
  ids: readonly string[],
  bank: BankOptions,
): Promise<Entry[]> {
  if (ids.length === 0) return [];
  if (book.getByIds !== undefined) {
    return (await book.getByIds([...new Set(ids)], bank)).map(fromBook);
  }
  const wanted = new Set(ids);
  const found: Entry[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const page = await book.listVectors({ ...bank, offset, limit: pageSize });
    found.push(...page.filter(({ id }) => wanted.has(id)).map(fromBook));
    if (page.length < pageSize) return found;
  }
}

/** When the event was, else when it was retained. */
export function momentOf({ occurredAt, retainedAt }: VectorItem): string {
  return occurredAt ?? retainedAt ?? "";
}

export async function everyItem(book: VectorStore, bank: BankOptions): Promise<VectorItem[]> {
  const items: VectorItem[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const page = await book.listVectors({ ...bank, offset, limit: pageSize });
    items.push(...page.map(plain));
    if (page.length < pageSize) return items;
  }
}

/** What the book has under the banks and ids of these. */
export async function replacedBy(
  book: VectorStore,
  items: readonly VectorItem[],
): Promise<Entry[]> {
  const found: Entry[] = [];
  for (const bankId of new Set(items.map((item) => item.bankId))) {
    const ids = items.filter((item) => item.bankId === bankId).map(({ id }) => id);
    found.push(...(await entriesOf(book, ids, { bankId })));
  }
  return found;
}
