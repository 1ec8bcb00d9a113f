import { ConfigError, StorageError } from "astrocyte";
import * as z from "zod";
import type { Database, Query } from "./open-database.js";
import type { DatabaseTarget } from "./postgres-store-config.js";
import { bankTables, schemaVersions } from "./schema-versions.js";

const knownVersion = schemaVersions.length;
const oldestServer = 140_000;
/** pgvector's longest vector with an index of 32-bit floats. */
const longestIndexed = 2000;

/** How vectors are kept. `prefix` qualifies pgvector's names; without `vectors` the server has no pgvector. */
export interface Layout {
  readonly vectors: { readonly prefix: string } | undefined;
}

const stateRows = z
  .array(
    z.object({
      server: z.coerce.number(),
      has_schema: z.boolean(),
      version: z.coerce.number().int().nullable(),
      dimension: z.coerce.number().int().nullable(),
      has_column: z.boolean(),
      extension_schema: z.string().nullable(),
      extension_version: z.string().nullable(),
      offers_extension: z.boolean(),
      secured: z.number(),
      bypasses: z.boolean(),
      has_index: z.boolean(),
    }),
  )
  .length(1);
type State = z.output<typeof stateRows>[number];

/** What is there, as it decides what is to be done. */
async function inspect(query: Query, schema: string): Promise<State> {
  const name = schema.slice(1, -1);
  const { rows: tables } = await query(
    `SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = 'astrocyte_meta'`,
    [name],
  );
  const meta = (key: string): string =>
    tables.length === 0
      ? "NULL"
      : `(SELECT value FROM ${schema}.astrocyte_meta WHERE key = '${key}')`;
  const { rows } = await query(
    `SELECT current_setting('server_version_num') AS server,
      EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1) AS has_schema,
      ${meta("schema_version")} AS version,
      ${meta("dimension")} AS dimension,
      EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = 'astrocyte_memories' AND a.attname = 'embedding' AND NOT a.attisdropped)
        AS has_column,
      (SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname = 'vector') AS extension_schema,
      (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'vector') AS extension_version,
      EXISTS (SELECT 1 FROM pg_catalog.pg_available_extensions WHERE name = 'vector') AS offers_extension,
      (SELECT count(*)::int FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = ANY($2::text[]) AND c.relrowsecurity AND c.relforcerowsecurity) AS secured,
      (SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = current_user) AS bypasses,
      EXISTS (SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
        WHERE n.nspname = $1 AND c.relname = 'astrocyte_memories_hnsw' AND i.indisvalid) AS has_index`,
    [name, bankTables],
  );
  const [state] = stateRows.parse(rows);
  if (state === undefined) throw new StorageError("the server does not describe itself");
  return state;
}

function refuse(state: State, { location, search, rowLevelSecurity }: DatabaseTarget): void {
  if (state.server < oldestServer) {
    throw new StorageError(`${location}: the server is older than PostgreSQL 14; upgrade it`);
  }
  if (state.version !== null && state.version > knownVersion) {
    throw new StorageError(
      `${location} has schema version ${state.version}, and this release knows version ${knownVersion}; upgrade astrocyte to open it`,
    );
  }
  if (rowLevelSecurity && state.bypasses) {
    throw new ConfigError(
      `postgres store: row_level_security is set, but the role at ${location} is a superuser or bypasses it; connect as another role`,
    );
  }
  if (search !== "hnsw" || state.extension_version === null) return;
  const [major = 0, minor = 0] = state.extension_version.split(".").map(Number);
  if (major === 0 && minor < 8) {
    throw new StorageError(
      `${location}: search "hnsw" needs pgvector 0.8 or later, and ${state.extension_version} is installed; upgrade it, or use exact`,
    );
  }
}

/** pgvector in this database, installed if it is offered and the role may. */
async function requestExtension(query: Query, state: State): Promise<void> {
  if (state.extension_schema !== null || !state.offers_extension) return;
  await query("SAVEPOINT extension");
  try {
    await query("CREATE EXTENSION IF NOT EXISTS vector");
  } catch {
    // Who may not install it gets a store without vectors, which says so when one is stored.
    await query("ROLLBACK TO SAVEPOINT extension");
  }
}

const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

async function addVectors(query: Query, schema: string, extensionSchema: string): Promise<void> {
  const vector = quoted(extensionSchema);
  await query(`ALTER TABLE ${schema}.astrocyte_memories ADD COLUMN embedding ${vector}.vector`);
  await query(`CREATE FUNCTION ${schema}.astrocyte_check_dimension() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      IF EXISTS (SELECT 1 FROM added WHERE embedding IS NOT NULL AND ${vector}.vector_dims(embedding) IS DISTINCT FROM
          (SELECT value::integer FROM ${schema}.astrocyte_meta WHERE key = 'dimension')) THEN
        RAISE EXCEPTION 'dimension mismatch' USING ERRCODE = 'data_exception';
      END IF;
      RETURN NULL;
    END $body$`);
  for (const event of ["INSERT", "UPDATE"]) {
    await query(`CREATE TRIGGER astrocyte_dimension_${event.toLowerCase()} AFTER ${event} ON ${schema}.astrocyte_memories
      REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.astrocyte_check_dimension()`);
  }
}

/** Shows each transaction the rows of the bank that it names, the owner's too. */
async function secure(query: Query, schema: string): Promise<void> {
  for (const table of bankTables) {
    const name = `${schema}.${table}`;
    await query(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`);
    await query(`DROP POLICY IF EXISTS astrocyte_bank ON ${name}`);
    await query(`CREATE POLICY astrocyte_bank ON ${name}
      USING (bank_id = current_setting('astrocyte.bank_id', true) COLLATE "C")`);
  }
}

function indexedDimension({ dimension, location }: DatabaseTarget, state: State): number {
  const length = state.dimension ?? dimension;
  if (length === undefined) {
    throw new ConfigError(
      'postgres store: search "hnsw" needs dimension, the length of the vectors, before any is stored',
    );
  }
  if (length > longestIndexed) {
    throw new ConfigError(
      `postgres store: at ${location} search "hnsw" takes vectors of up to ${longestIndexed} elements, not ${length}; use exact`,
    );
  }
  return length;
}

function isComplete(state: State, { search, rowLevelSecurity }: DatabaseTarget): boolean {
  return (
    state.version === knownVersion &&
    (state.has_column || (state.extension_schema === null && !state.offers_extension)) &&
    (!rowLevelSecurity || state.secured === bankTables.length) &&
    (search === "exact" || state.has_index)
  );
}

async function complete(query: Query, target: DatabaseTarget): Promise<void> {
  const { schema, location } = target;
  // An index over many vectors takes its time.
  await query("SET LOCAL statement_timeout = 0");
  await query("SELECT pg_advisory_xact_lock(hashtextextended('astrocyte ' || $1, 0))", [schema]);
  const before = await inspect(query, schema);
  refuse(before, target);
  if (!before.has_schema) await query(`CREATE SCHEMA ${schema}`);
  const version = before.version ?? 0;
  if (version < knownVersion) {
    await query(
      `CREATE TABLE IF NOT EXISTS ${schema}.astrocyte_meta (key text COLLATE "C" PRIMARY KEY, value text NOT NULL)`,
    );
    for (const sqls of schemaVersions.slice(version)) {
      for (const sql of sqls(schema)) await query(sql);
    }
    await query(
      `INSERT INTO ${schema}.astrocyte_meta (key, value) VALUES ('schema_version', $1)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      [String(knownVersion)],
    );
  }
  await requestExtension(query, before);
  const state = await inspect(query, schema);
  if (!state.has_column && state.extension_schema !== null) {
    await addVectors(query, schema, state.extension_schema);
  }
  if ((target.rowLevelSecurity || state.secured > 0) && state.secured < bankTables.length) {
    await secure(query, schema);
  }
  if (target.search === "exact" || state.has_index) return;
  if (state.extension_schema === null) throw new StorageError(withoutVectors(location));
  refuse(state, target);
  const vector = quoted(state.extension_schema);
  const length = indexedDimension(target, state);
  await query(`DROP INDEX IF EXISTS ${schema}.astrocyte_memories_hnsw`);
  await query(`CREATE INDEX astrocyte_memories_hnsw ON ${schema}.astrocyte_memories
    USING hnsw ((embedding::${vector}.vector(${length})) ${vector}.vector_cosine_ops)`);
}

/** What a server without pgvector is told about. */
export function withoutVectors(location: string): string {
  return (
    `${location}: the database has no pgvector, so it keeps texts, graph and documents, but no vectors; ` +
    "install it there (CREATE EXTENSION vector), then open the store again"
  );
}

/**
 * Brings the schema up to date, under an advisory lock, so that any number of processes may do so at once. What is complete is
 * only looked at, which a role that owns nothing may.
 *
 * @throws StorageError when a later release wrote the schema, or the server is too old; ConfigError when what is configured does
 *   not fit it.
 */
export async function migrate(database: Database, target: DatabaseTarget): Promise<Layout> {
  const { schema, location } = target;
  const look = (): Promise<State> =>
    database.read(undefined, (query) => inspect(query, schema), { signal: undefined });
  let state = await look();
  refuse(state, target);
  if (!isComplete(state, target)) {
    await database.writeShared((query) => complete(query, target));
    state = await look();
  }
  if (state.secured > 0) database.nameBanks();
  if (state.has_column && state.extension_schema !== null) {
    return { vectors: { prefix: quoted(state.extension_schema) } };
  }
  if (target.dimension !== undefined || target.search === "hnsw") {
    throw new StorageError(withoutVectors(location));
  }
  return { vectors: undefined };
}
