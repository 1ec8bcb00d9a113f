export { createSqliteStore, type SqliteStore } from "./create-sqlite-store.js";
export type { SqliteStoreConfig } from "./sqlite-store-config.js";
