export { checkPostgresConfig, type PostgresStoreConfig } from "./postgres-store-config.js";
export {
  createPostgresStore,
  type PostgresStore,
  type PostgresStoreContext,
} from "./create-postgres-store.js";
