/**
 * One table holds a memory together with its document, so neither can exist without the other; `is_memory` is false for a
 * document whose vector lives elsewhere. Triggers keep the statistics of the bank, the embedding cache and the graph in step inside
 * whatever transaction changes a memory. The column of vectors is added apart, as it needs pgvector.
 *
 * All texts that are compared are of collation C, which orders by bytes on every server. Dates are canonical timestamps. The
 * elements of `tags` are JSON texts, those of `metadata` JSON pairs.
 */
const version1 = (schema: string): readonly string[] => [
  `CREATE TEXT SEARCH DICTIONARY ${schema}.astrocyte_stem (TEMPLATE = pg_catalog.snowball, LANGUAGE = english)`,
  `CREATE TEXT SEARCH CONFIGURATION ${schema}.astrocyte_words (PARSER = pg_catalog."default")`,
  `ALTER TEXT SEARCH CONFIGURATION ${schema}.astrocyte_words
    ADD MAPPING FOR asciiword, word, numword, int, uint, float, sfloat, version
    WITH ${schema}.astrocyte_stem`,

  // A writer takes the row of its bank first, so that those of one bank follow one another.
  `CREATE TABLE ${schema}.astrocyte_banks (
    bank_id text COLLATE "C" PRIMARY KEY,
    revision bigint NOT NULL,
    writer text NOT NULL,
    foreign_revision bigint NOT NULL DEFAULT 0,
    documents bigint NOT NULL DEFAULT 0,
    words bigint NOT NULL DEFAULT 0
  )`,

  `CREATE TABLE ${schema}.astrocyte_memories (
    item_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bank_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    is_memory boolean NOT NULL,
    fact_type text COLLATE "C",
    occurred_at text COLLATE "C",
    retained_at text COLLATE "C",
    memory_layer text,
    chunk_id text COLLATE "C",
    text_hash text COLLATE "C" NOT NULL,
    tags text[],
    metadata text[],
    text text NOT NULL,
    words tsvector NOT NULL,
    word_count integer NOT NULL,
    UNIQUE (bank_id, id)
  )`,
  `CREATE INDEX astrocyte_memories_recent
    ON ${schema}.astrocyte_memories (bank_id, (coalesce(occurred_at, retained_at)) DESC NULLS LAST, id)`,
  // These have no limit of length.
  `CREATE INDEX astrocyte_memories_chunk ON ${schema}.astrocyte_memories USING hash (chunk_id)`,
  `CREATE INDEX astrocyte_memories_hash ON ${schema}.astrocyte_memories USING hash (text_hash)`,
  `CREATE INDEX astrocyte_memories_words ON ${schema}.astrocyte_memories USING gin (words)`,

  `CREATE TABLE ${schema}.astrocyte_embeddings (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL,
    embedding real[] NOT NULL,
    UNIQUE (hash, model)
  )`,

  `CREATE FUNCTION ${schema}.astrocyte_memories_added() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      UPDATE ${schema}.astrocyte_banks b SET documents = b.documents + a.documents, words = b.words + a.words
        FROM (SELECT bank_id, count(*) AS documents, sum(word_count) AS words FROM added GROUP BY bank_id) a
        WHERE b.bank_id = a.bank_id;
      RETURN NULL;
    END $body$`,
  // Another transaction may be deleting the other memory with the text. The lock makes one of the two see what both have done.
  `CREATE FUNCTION ${schema}.astrocyte_forget_embeddings(hashes text[]) RETURNS void LANGUAGE plpgsql AS $body$
    BEGIN
      PERFORM 1 FROM ${schema}.astrocyte_embeddings WHERE hash = ANY(hashes) ORDER BY sequence FOR UPDATE;
      DELETE FROM ${schema}.astrocyte_embeddings e WHERE e.hash = ANY(hashes)
        AND NOT EXISTS (SELECT 1 FROM ${schema}.astrocyte_memories m WHERE m.text_hash = e.hash);
    END $body$`,
  // The mark is looked at first, as writing it would make one deletion wait for another.
  `CREATE FUNCTION ${schema}.astrocyte_note_erasure() RETURNS void LANGUAGE plpgsql AS $body$
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM ${schema}.astrocyte_meta WHERE key = 'erasures' AND value = 'due') THEN
        INSERT INTO ${schema}.astrocyte_meta (key, value) VALUES ('erasures', 'due')
          ON CONFLICT (key) DO UPDATE SET value = 'due';
      END IF;
    END $body$`,
  `CREATE FUNCTION ${schema}.astrocyte_memories_removed() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      UPDATE ${schema}.astrocyte_banks b SET documents = b.documents - r.documents, words = b.words - r.words
        FROM (SELECT bank_id, count(*) AS documents, sum(word_count) AS words FROM removed GROUP BY bank_id) r
        WHERE b.bank_id = r.bank_id;
      IF EXISTS (SELECT 1 FROM removed) THEN
        PERFORM ${schema}.astrocyte_note_erasure();
        PERFORM ${schema}.astrocyte_forget_embeddings(array(SELECT DISTINCT text_hash FROM removed));
      END IF;
      RETURN NULL;
    END $body$`,
  `CREATE FUNCTION ${schema}.astrocyte_memories_changed() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      UPDATE ${schema}.astrocyte_banks b SET words = b.words + c.words
        FROM (SELECT bank_id, sum(words) AS words FROM (
            SELECT bank_id, word_count AS words FROM added UNION ALL SELECT bank_id, -word_count FROM removed) both_sides
          GROUP BY bank_id) c
        WHERE b.bank_id = c.bank_id AND c.words <> 0;
      IF EXISTS (SELECT 1 FROM removed) THEN
        PERFORM ${schema}.astrocyte_note_erasure();
        PERFORM ${schema}.astrocyte_forget_embeddings(
          array(SELECT text_hash FROM removed EXCEPT SELECT text_hash FROM added));
      END IF;
      RETURN NULL;
    END $body$`,
  `CREATE TRIGGER astrocyte_added AFTER INSERT ON ${schema}.astrocyte_memories
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.astrocyte_memories_added()`,
  `CREATE TRIGGER astrocyte_removed AFTER DELETE ON ${schema}.astrocyte_memories
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.astrocyte_memories_removed()`,
  `CREATE TRIGGER astrocyte_changed AFTER UPDATE ON ${schema}.astrocyte_memories
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.astrocyte_memories_changed()`,

  `CREATE TABLE ${schema}.astrocyte_entities (
    bank_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    folded_names text[] NOT NULL,
    entity_type text NOT NULL,
    mention_count double precision NOT NULL,
    aliases text[],
    metadata text[],
    embedding real[],
    PRIMARY KEY (bank_id, id)
  )`,
  `CREATE TABLE ${schema}.astrocyte_entity_links (
    bank_id text COLLATE "C" NOT NULL,
    entity_a text COLLATE "C" NOT NULL,
    entity_b text COLLATE "C" NOT NULL,
    link_type text COLLATE "C" NOT NULL,
    evidence text NOT NULL,
    confidence double precision NOT NULL,
    created_at text,
    metadata text[],
    PRIMARY KEY (bank_id, entity_a, entity_b, link_type)
  )`,
  `CREATE INDEX astrocyte_entity_links_b ON ${schema}.astrocyte_entity_links (bank_id, entity_b)`,
  `CREATE TABLE ${schema}.astrocyte_mentions (
    bank_id text COLLATE "C" NOT NULL,
    memory_id text COLLATE "C" NOT NULL,
    entity_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (bank_id, memory_id, entity_id)
  )`,
  `CREATE INDEX astrocyte_mentions_entity ON ${schema}.astrocyte_mentions (bank_id, entity_id)`,
  `CREATE TABLE ${schema}.astrocyte_memory_links (
    bank_id text COLLATE "C" NOT NULL,
    source_id text COLLATE "C" NOT NULL,
    target_id text COLLATE "C" NOT NULL,
    link_type text COLLATE "C" NOT NULL,
    evidence text NOT NULL,
    confidence double precision NOT NULL,
    weight double precision NOT NULL,
    created_at text,
    metadata text[],
    PRIMARY KEY (bank_id, source_id, target_id, link_type)
  )`,
  `CREATE INDEX astrocyte_memory_links_target ON ${schema}.astrocyte_memory_links (bank_id, target_id)`,

  `CREATE FUNCTION ${schema}.astrocyte_mentions_removed() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      DELETE FROM ${schema}.astrocyte_entities e
        USING (SELECT DISTINCT bank_id, entity_id FROM removed) r
        WHERE e.bank_id = r.bank_id AND e.id = r.entity_id
          AND NOT EXISTS (SELECT 1 FROM ${schema}.astrocyte_mentions n
            WHERE n.bank_id = r.bank_id AND n.entity_id = r.entity_id);
      RETURN NULL;
    END $body$`,
  `CREATE FUNCTION ${schema}.astrocyte_entities_removed() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      IF EXISTS (SELECT 1 FROM removed) THEN
        PERFORM ${schema}.astrocyte_note_erasure();
      END IF;
      DELETE FROM ${schema}.astrocyte_entity_links l USING removed r
        WHERE l.bank_id = r.bank_id AND l.entity_a = r.id;
      DELETE FROM ${schema}.astrocyte_entity_links l USING removed r
        WHERE l.bank_id = r.bank_id AND l.entity_b = r.id;
      RETURN NULL;
    END $body$`,
  `CREATE TRIGGER astrocyte_removed AFTER DELETE ON ${schema}.astrocyte_mentions
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.astrocyte_mentions_removed()`,
  `CREATE TRIGGER astrocyte_removed AFTER DELETE ON ${schema}.astrocyte_entities
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.astrocyte_entities_removed()`,
];

/** Holds in a table that no deletion of memories reaches, and mental models, a row for each of their revisions. */
const version2 = (schema: string): readonly string[] => [
  `CREATE TABLE ${schema}.astrocyte_legal_holds (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bank_id text COLLATE "C" NOT NULL,
    hold_id text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    set_by text NOT NULL,
    set_at text NOT NULL,
    UNIQUE (bank_id, hold_id)
  )`,
  `CREATE TABLE ${schema}.astrocyte_mental_models (
    bank_id text COLLATE "C" NOT NULL,
    model_id text COLLATE "C" NOT NULL,
    revision integer NOT NULL,
    scope text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    model text NOT NULL,
    PRIMARY KEY (bank_id, model_id, revision)
  )`,
  `CREATE FUNCTION ${schema}.astrocyte_models_removed() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      IF EXISTS (SELECT 1 FROM removed) THEN
        PERFORM ${schema}.astrocyte_note_erasure();
      END IF;
      RETURN NULL;
    END $body$`,
  `CREATE TRIGGER astrocyte_removed AFTER DELETE ON ${schema}.astrocyte_mental_models
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.astrocyte_models_removed()`,
];

/** What leads from each version to the next, beginning with an empty schema. */
export const schemaVersions: readonly ((schema: string) => readonly string[])[] = [
  version1,
  version2,
];

/** The tables whose rows belong to a bank. */
export const bankTables: readonly string[] = [
  "astrocyte_banks",
  "astrocyte_memories",
  "astrocyte_entities",
  "astrocyte_entity_links",
  "astrocyte_mentions",
  "astrocyte_memory_links",
  "astrocyte_legal_holds",
  "astrocyte_mental_models",
];
