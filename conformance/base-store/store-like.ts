/** What LangGraph calls `Item`, and `SearchItem` with a score: higher is better. */
export interface StoreItem {
  readonly value: Record<string, unknown>;
  readonly key: string;
  readonly namespace: string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly score?: number | undefined;
}

export interface StoreMatchCondition {
  readonly matchType: "prefix" | "suffix";
  readonly path: string[];
}

/** LangGraph's operations, which it tells apart by the keys that are there. */
export type StoreOperation =
  | { namespace: string[]; key: string }
  | {
      namespacePrefix: string[];
      filter?: Record<string, unknown>;
      limit?: number;
      offset?: number;
      query?: string;
    }
  | {
      namespace: string[];
      key: string;
      value: Record<string, unknown> | null;
      index?: false | string[];
    }
  | { matchConditions?: StoreMatchCondition[]; maxDepth?: number; limit: number; offset: number };

export interface StoreSearch {
  filter?: Record<string, unknown>;
  limit?: number;
  offset?: number;
  query?: string;
}

/** LangGraph's `BaseStore` by its shape, so that a store of any copy of LangGraph fits. */
export interface BaseStoreLike {
  batch(operations: StoreOperation[]): Promise<unknown[]>;
  get(namespace: string[], key: string): Promise<StoreItem | null>;
  search(namespacePrefix: string[], options?: StoreSearch): Promise<StoreItem[]>;
  put(
    namespace: string[],
    key: string,
    value: Record<string, unknown>,
    index?: false | string[],
  ): Promise<void>;
  delete(namespace: string[], key: string): Promise<void>;
  listNamespaces(options?: {
    prefix?: string[];
    suffix?: string[];
    maxDepth?: number;
    limit?: number;
    offset?: number;
  }): Promise<string[][]>;
  start?(): void | Promise<void>;
  stop?(): void | Promise<void>;
  close?(): Promise<void>;
}
