import type { VectorItem } from "astrocyte";
import type { PostgresStore } from "astrocyte/adapters/postgres";
import type { SqliteStore } from "astrocyte/adapters/sqlite";

/** A place of its own for a test, and how to open its store: the same one each time. */
export type StoreWorkspace = () => Promise<{
  readonly open: () => Promise<SqliteStore | PostgresStore>;
}>;

export function item(id: string, rest: Partial<VectorItem> = {}): VectorItem {
  return { id, bankId: "bank", vector: [1, 0, 0], text: `text of ${id}`, ...rest };
}
