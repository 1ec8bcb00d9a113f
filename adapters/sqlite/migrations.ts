import { StorageError } from "astrocyte";
import * as z from "zod";
import type { Database, Statement } from "./open-database.js";

/**
 * One table holds a memory together with its document, so neither can exist without the other; `is_memory` is 0 for a
 * document whose vector lives elsewhere. Triggers keep the full-text index, the embedding cache and the graph in step
 * inside whatever transaction changes a memory. Small columns precede the large ones, which may spill to other pages.
 */
const version1: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS astrocyte_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,

  `CREATE TABLE IF NOT EXISTS astrocyte_memories (
    item_id INTEGER PRIMARY KEY,
    bank_id TEXT NOT NULL,
    id TEXT NOT NULL,
    is_memory INTEGER NOT NULL,
    fact_type TEXT,
    occurred_at TEXT,
    retained_at TEXT,
    memory_layer TEXT,
    chunk_id TEXT,
    text_hash TEXT NOT NULL,
    tags TEXT,
    metadata TEXT,
    embedding BLOB,
    text TEXT NOT NULL,
    UNIQUE (bank_id, id)
  )`,
  `CREATE INDEX IF NOT EXISTS astrocyte_memories_recent
    ON astrocyte_memories (bank_id, coalesce(occurred_at, retained_at) DESC, id)`,
  `CREATE INDEX IF NOT EXISTS astrocyte_memories_chunk
    ON astrocyte_memories (bank_id, chunk_id) WHERE chunk_id IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS astrocyte_memories_hash ON astrocyte_memories (text_hash)`,

  `CREATE TRIGGER IF NOT EXISTS astrocyte_memories_dimension BEFORE INSERT ON astrocyte_memories
    WHEN new.embedding IS NOT NULL AND length(new.embedding) <>
      4 * (SELECT CAST(value AS INTEGER) FROM astrocyte_meta WHERE key = 'dimension')
    BEGIN SELECT raise(ABORT, 'dimension mismatch'); END`,

  `CREATE VIRTUAL TABLE IF NOT EXISTS astrocyte_fulltext USING fts5(
    text, content = 'astrocyte_memories', content_rowid = 'item_id',
    tokenize = 'porter unicode61 remove_diacritics 2')`,
  // Otherwise the words of a deleted text stay in the index until its segments happen to be merged.
  `INSERT INTO astrocyte_fulltext (astrocyte_fulltext, rank) VALUES ('secure-delete', 1)`,
  `CREATE TRIGGER IF NOT EXISTS astrocyte_memories_inserted AFTER INSERT ON astrocyte_memories BEGIN
    INSERT INTO astrocyte_fulltext (rowid, text) VALUES (new.item_id, new.text);
  END`,
  // The index reads the old text from the table, so it is told before the row changes. FTS5's special "delete" command
  // would take the text from the trigger, but it does not mark the index as one with secure deletions.
  `CREATE TRIGGER IF NOT EXISTS astrocyte_memories_updating BEFORE UPDATE OF text ON astrocyte_memories
    WHEN old.text IS NOT new.text BEGIN
    DELETE FROM astrocyte_fulltext WHERE rowid = old.item_id;
  END`,
  `CREATE TRIGGER IF NOT EXISTS astrocyte_memories_updated AFTER UPDATE OF text ON astrocyte_memories
    WHEN old.text IS NOT new.text BEGIN
    INSERT INTO astrocyte_fulltext (rowid, text) VALUES (new.item_id, new.text);
    DELETE FROM astrocyte_embeddings WHERE hash = old.text_hash
      AND NOT EXISTS (SELECT 1 FROM astrocyte_memories WHERE text_hash = old.text_hash);
  END`,
  `CREATE TRIGGER IF NOT EXISTS astrocyte_memories_deleting BEFORE DELETE ON astrocyte_memories BEGIN
    DELETE FROM astrocyte_fulltext WHERE rowid = old.item_id;
  END`,
  `CREATE TRIGGER IF NOT EXISTS astrocyte_memories_deleted AFTER DELETE ON astrocyte_memories BEGIN
    DELETE FROM astrocyte_embeddings WHERE hash = old.text_hash
      AND NOT EXISTS (SELECT 1 FROM astrocyte_memories WHERE text_hash = old.text_hash);
  END`,

  `CREATE TABLE IF NOT EXISTS astrocyte_embeddings (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    model TEXT NOT NULL,
    hash TEXT NOT NULL,
    embedding BLOB NOT NULL,
    UNIQUE (hash, model)
  )`,

  `CREATE TABLE IF NOT EXISTS astrocyte_entities (
    bank_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    folded_names TEXT NOT NULL,
    entity_type TEXT NOT NULL,
    mention_count INTEGER NOT NULL,
    aliases TEXT,
    metadata TEXT,
    embedding BLOB,
    PRIMARY KEY (bank_id, id)
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS astrocyte_entity_links (
    bank_id TEXT NOT NULL,
    entity_a TEXT NOT NULL,
    entity_b TEXT NOT NULL,
    link_type TEXT NOT NULL,
    evidence TEXT NOT NULL,
    confidence REAL NOT NULL,
    created_at TEXT,
    metadata TEXT,
    PRIMARY KEY (bank_id, entity_a, entity_b, link_type)
  ) WITHOUT ROWID`,
  `CREATE INDEX IF NOT EXISTS astrocyte_entity_links_b ON astrocyte_entity_links (bank_id, entity_b)`,
  `CREATE TABLE IF NOT EXISTS astrocyte_mentions (
    bank_id TEXT NOT NULL,
    memory_id TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    PRIMARY KEY (bank_id, memory_id, entity_id)
  ) WITHOUT ROWID`,
  `CREATE INDEX IF NOT EXISTS astrocyte_mentions_entity ON astrocyte_mentions (bank_id, entity_id)`,
  `CREATE TABLE IF NOT EXISTS astrocyte_memory_links (
    bank_id TEXT NOT NULL,
    source_id TEXT NOT NULL,
    target_id TEXT NOT NULL,
    link_type TEXT NOT NULL,
    evidence TEXT NOT NULL,
    confidence REAL NOT NULL,
    weight REAL NOT NULL,
    created_at TEXT,
    metadata TEXT,
    PRIMARY KEY (bank_id, source_id, target_id, link_type)
  ) WITHOUT ROWID`,
  `CREATE INDEX IF NOT EXISTS astrocyte_memory_links_target ON astrocyte_memory_links (bank_id, target_id)`,

  `CREATE TRIGGER IF NOT EXISTS astrocyte_mentions_deleted AFTER DELETE ON astrocyte_mentions BEGIN
    DELETE FROM astrocyte_entities WHERE bank_id = old.bank_id AND id = old.entity_id
      AND NOT EXISTS (SELECT 1 FROM astrocyte_mentions m
        WHERE m.bank_id = old.bank_id AND m.entity_id = old.entity_id);
  END`,
  `CREATE TRIGGER IF NOT EXISTS astrocyte_entities_deleted AFTER DELETE ON astrocyte_entities BEGIN
    DELETE FROM astrocyte_entity_links WHERE bank_id = old.bank_id AND entity_a = old.id;
    DELETE FROM astrocyte_entity_links WHERE bank_id = old.bank_id AND entity_b = old.id;
  END`,
];

/** Holds in a table that no deletion of memories reaches. */
const version2: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS astrocyte_legal_holds (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    bank_id TEXT NOT NULL,
    hold_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    set_by TEXT NOT NULL,
    set_at TEXT NOT NULL,
    UNIQUE (bank_id, hold_id)
  )`,
];

/** Mental models, a row for each of their revisions. */
const version3: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS astrocyte_mental_models (
    bank_id TEXT NOT NULL,
    model_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    scope TEXT NOT NULL,
    kind TEXT NOT NULL,
    model TEXT NOT NULL,
    PRIMARY KEY (bank_id, model_id, revision)
  )`,
];

const countErasure = `INSERT INTO astrocyte_meta (key, value) VALUES ('erasures', '1')
  ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1;`;

/** Counts what was erased since the file was last compacted. */
const version4: readonly string[] = [
  `CREATE TRIGGER IF NOT EXISTS astrocyte_memories_erased AFTER DELETE ON astrocyte_memories
    BEGIN ${countErasure} END`,
  `CREATE TRIGGER IF NOT EXISTS astrocyte_memories_replaced AFTER UPDATE OF text ON astrocyte_memories
    WHEN old.text IS NOT new.text BEGIN ${countErasure} END`,
  `CREATE TRIGGER IF NOT EXISTS astrocyte_mental_models_erased AFTER DELETE ON astrocyte_mental_models
    BEGIN ${countErasure} END`,
];

/** What leads from each version to the next, beginning with an empty database. */
const migrations = [version1, version2, version3, version4];
const knownVersion = migrations.length;

const statement = (sql: string, ...args: (string | number)[]): Statement => ({ sql, args });
const readVersion = statement("SELECT value FROM astrocyte_meta WHERE key = 'schema_version'");
const versionRows = z.array(z.object({ value: z.coerce.number().int() }));

async function storedVersion(database: Database): Promise<number> {
  const [tables] = await database.read([
    statement("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'astrocyte_meta'"),
  ]);
  if (!tables?.rows.length) return 0;
  const [versions] = await database.read([readVersion]);
  return versionRows.parse(versions?.rows)[0]?.value ?? 0;
}

function refuseNewer(version: number, location: string): void {
  if (version > knownVersion) {
    throw new StorageError(
      `${location} has schema version ${version}, and this release knows version ${knownVersion}; upgrade astrocyte to open it`,
    );
  }
}

/**
 * Brings the schema up to date. Two processes may do so at once: each statement is idempotent and all are one
 * transaction.
 *
 * @throws StorageError when a later release wrote the database.
 */
export async function migrate(database: Database): Promise<void> {
  const version = await storedVersion(database);
  refuseNewer(version, database.location);
  if (version === knownVersion) return;
  const results = await database.write([
    ...migrations.slice(version).flatMap((sqls) => sqls.map((sql) => statement(sql))),
    // A later release may have been faster; its version stays.
    statement(
      `INSERT INTO astrocyte_meta (key, value) VALUES ('schema_version', ?)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value
        WHERE CAST(value AS INTEGER) < CAST(excluded.value AS INTEGER)`,
      String(knownVersion),
    ),
    readVersion,
  ]);
  refuseNewer(versionRows.parse(results.at(-1)?.rows)[0]?.value ?? 0, database.location);
}
