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
import { compactionMethods, type CompactionMethods } from "./compaction.js";
import { openDimension } from "./dimension.js";
import { documentMethods } from "./documents.js";
import { embeddingCacheMethods } from "./embedding-cache.js";
import { entityMethods } from "./entities.js";
import { candidateMethods } from "./entity-candidates.js";
import { forgetMethods } from "./forget.js";
import { legalHoldMethods } from "./legal-holds.js";
import { memoryLinkMethods } from "./memory-links.js";
import { mentalModelMethods } from "./mental-models.js";
import { migrate } from "./migrate.js";
import { openDatabase, type Database } from "./open-database.js";
import { resolveTarget, type PostgresStoreConfig } from "./postgres-store-config.js";
import { revisionMethods, type OwnChanges } from "./revision.js";
import { vectorCapabilities, vectorMethods } from "./vectors.js";

/**
 * Vectors, documents, graph, embedding cache, legal holds and mental models in one schema of a PostgreSQL database.
 *
 * - A memory and its document are one row: `storeVectors` stores both, `delete` and `deleteDocuments` remove both, together
 *   with everything derived from the memory. `storeDocument` refuses to change a memory's text.
 * - Vectors are kept as 32-bit floats. A database without pgvector keeps everything else, and refuses vectors.
 * - NUL characters and lone surrogates in texts become U+FFFD; ids with one are refused, and so are ids of more than 600 bytes.
 * - Full-text ranking (BM25) weighs rare words by the bank. Of a text with a megabyte of different words, the later ones are not
 *   found.
 * - Legal holds outlast the memories of their bank; no method but `releaseHold` removes one.
 * - Mental models are removed by `deleteModel` and `clearModels` only, not with the memories of their bank.
 * - `clearBank` returns the number of memories and documents or, in a bank that has none, of entities.
 * - An aborted call closes its connection; what it had not committed is undone. When it was aborted while it committed, it may
 *   have taken place.
 * - Only writers of the same banks wait for an `atomically`.
 */
export interface PostgresStore
  extends
    Required<VectorStore>,
    Required<DocumentStore>,
    Required<GraphStore>,
    EmbeddingCache,
    LegalHoldStore,
    Required<MentalModelStore>,
    CompactionMethods {
  /** Host, port, database and schema, without credentials. */
  readonly location: string;
}

export interface PostgresStoreContext {
  readonly clock?: Clock | undefined;
  /** In `[0, 1)`; spreads the retries of calls that collided. @defaultValue Math.random */
  readonly random?: (() => number) | undefined;
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
      const sql = `SELECT value FROM ${database.schema}.astrocyte_meta WHERE key = 'schema_version'`;
      await database.read(undefined, (query) => query(sql), { signal });
      return status(true, `postgres ${database.location}`);
    } catch (error) {
      signal?.throwIfAborted();
      return status(false, error instanceof Error ? error.message : "the database did not answer");
    }
  };
}

/**
 * Opens a schema of a PostgreSQL database (14 or later) as memory, and creates it when there is none. Needs the package `pg`, and
 * for vectors the extension pgvector.
 *
 * @throws ConfigError for an unusable configuration; ProviderUnavailableError when the server does not answer; StorageError when
 *   the schema was written by a later release or the role may not use it; DimensionMismatchError when it holds vectors of another
 *   length than `dimension`.
 */
export async function createPostgresStore(
  config: PostgresStoreConfig,
  { clock = systemClock, random = Math.random }: PostgresStoreContext = {},
): Promise<PostgresStore> {
  const target = resolveTarget(config);
  const database = await openDatabase(target, { random });
  try {
    const layout = await migrate(database, target);
    const dimension = await openDimension(database, target.dimension);
    const own: OwnChanges = { count: 0 };
    return {
      spiVersion: 1,
      name: "postgres",
      location: database.location,
      capabilities: vectorCapabilities,
      ...vectorMethods(database, { layout, dimension, own, search: target.search }),
      ...documentMethods(database),
      ...entityMethods(database),
      ...candidateMethods(database),
      ...memoryLinkMethods(database),
      ...forgetMethods(database, own),
      ...revisionMethods(database, own),
      ...embeddingCacheMethods(database),
      ...legalHoldMethods(database),
      ...mentalModelMethods(database, clock),
      ...compactionMethods(database),
      atomically: (run, { signal } = {}) => database.atomically(run, signal),
      health: healthCheck(database, clock),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
