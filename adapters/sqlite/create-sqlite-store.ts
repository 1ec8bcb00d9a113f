import {
  systemClock,
  toTimestamp,
  type Clock,
  type DocumentStore,
  type EmbeddingCache,
  type GraphStore,
  type HealthStatus,
  type LegalHoldStore,
  type MentalModelStore,
  type VectorStore,
} from "astrocyte";
import { openDimension } from "./dimension.js";
import { documentMethods } from "./documents.js";
import { embeddingCacheMethods } from "./embedding-cache.js";
import { entityMethods } from "./entities.js";
import { candidateMethods } from "./entity-candidates.js";
import { forgetMethods } from "./forget.js";
import { legalHoldMethods } from "./legal-holds.js";
import { maintenanceMethods, type MaintenanceMethods } from "./maintenance.js";
import { memoryLinkMethods } from "./memory-links.js";
import { mentalModelMethods } from "./mental-models.js";
import { migrate } from "./migrations.js";
import { openDatabase, type Database } from "./open-database.js";
import { ResidentVectors } from "./resident-vectors.js";
import { revisionMethods, type OwnChanges } from "./revision.js";
import { resolveTarget, type SqliteStoreConfig } from "./sqlite-store-config.js";
import { vectorCapabilities, vectorMethods } from "./vectors.js";

/**
 * Vectors, documents, graph, embedding cache, legal holds and mental models in one database.
 *
 * - A memory and its document are one row: `storeVectors` stores both, `delete` and `deleteDocuments` remove both, together
 *   with everything derived from the memory. `storeDocument` refuses to change a memory's text.
 * - Vectors are kept as 32-bit floats. Elements beyond about 1e18, or all below 1e-18, score 0.
 * - NUL characters and lone surrogates in texts become U+FFFD; ids with one are refused.
 * - Erased text is overwritten where it lay, but a trace of it may stay in unused space of the file until `compact`.
 * - Full-text ranking weighs rare words by all banks of the database; its hits are those of one bank.
 * - Legal holds outlast the memories of their bank; no method but `releaseHold` removes one.
 * - Mental models are removed by `deleteModel` and `clearModels` only, not with the memories of their bank.
 * - `clearBank` returns the number of memories and documents or, in a bank that has none, of entities.
 */
export interface SqliteStore
  extends
    Required<VectorStore>,
    Required<DocumentStore>,
    Required<GraphStore>,
    EmbeddingCache,
    LegalHoldStore,
    Required<MentalModelStore>,
    MaintenanceMethods {
  /** Absolute path, `:memory:`, or URL without credentials. */
  readonly location: string;
}

function healthCheck(database: Database, clock: Clock): VectorStore["health"] {
  return async ({ signal } = {}): Promise<HealthStatus> => {
    signal?.throwIfAborted();
    const startMs = clock.monotonic();
    const status = (healthy: boolean, message: string): HealthStatus => ({
      healthy,
      message,
      latencyMs: clock.monotonic() - startMs,
      lastCheckAt: toTimestamp(clock.now()),
    });
    try {
      await database.read([
        { sql: "SELECT value FROM astrocyte_meta WHERE key = 'schema_version'", args: [] },
      ]);
      return status(true, `sqlite ${database.location}`);
    } catch (error) {
      return status(false, error instanceof Error ? error.message : "the database did not answer");
    }
  };
}

/**
 * Opens a SQLite database as memory, and creates it when there is none. Needs the package `@libsql/client`.
 *
 * @throws ConfigError for an unusable configuration; StorageError when the file cannot be opened, is no database, or was
 *   written by a later release; DimensionMismatchError when it holds vectors of another length than `dimension`.
 */
export async function createSqliteStore(
  config: SqliteStoreConfig = {},
  { clock = systemClock }: { readonly clock?: Clock | undefined } = {},
): Promise<SqliteStore> {
  const target = resolveTarget(config);
  const database = await openDatabase(target);
  try {
    await migrate(database);
    const dimension = await openDimension(database, target.dimension);
    const own: OwnChanges = { count: 0 };
    const resident = new ResidentVectors(database, target.vectorMemoryBytes);
    return {
      spiVersion: 1,
      name: "sqlite",
      location: database.location,
      capabilities: vectorCapabilities,
      ...vectorMethods(database, dimension, own, resident),
      ...documentMethods(database),
      ...entityMethods(database),
      ...candidateMethods(database),
      ...memoryLinkMethods(database),
      ...forgetMethods(database, own, resident),
      ...revisionMethods(database, own),
      ...embeddingCacheMethods(database),
      ...legalHoldMethods(database),
      ...mentalModelMethods(database, clock),
      ...maintenanceMethods(database, target),
      atomically: (run, { signal } = {}) => database.transaction(run, signal),
      health: healthCheck(database, clock),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
