import type { InValue } from "@libsql/client";
import type { VectorHit, VectorItem } from "astrocyte";
import { topPlaces, VectorMatrix } from "astrocyte/pipeline";
import * as z from "zod";
import type { Clauses } from "./filter-clauses.js";
import type { Database, Statement, StatementResult } from "./open-database.js";
import { hitColumns, toVectorHits } from "./rows.js";

const floatBytes = 4;
/** About what an id and its places take. */
const idBytes = 150;
const pageSize = 2000;
const maxAttempts = 3;
/** A bank is read into memory by the search that makes it this many; one question alone is answered faster by SQL. */
const hotSearches = 4;
const searchesAfterFailure = 20;
/** Banks whose searches are counted, and banks that are kept. */
const maxBanks = 256;
/** Most hits that are looked for in memory. */
const maxLimit = 1000;
/** So many of the nearest memories are looked at for one that passes the filters, before SQL looks at all of them. */
const lookedAtForEach = 20;

const countRows = z.array(z.object({ count: z.number() }));
const pageRows = z.array(z.object({ id: z.string(), embedding: z.instanceof(ArrayBuffer) }));

export interface ResidentSearch {
  readonly bankId: string;
  readonly queryVector: readonly number[];
  readonly limit: number;
  readonly clauses: Clauses;
  readonly signal: AbortSignal | undefined;
}

/** The vectors of one bank, side by side. */
class ResidentBank {
  readonly #ids: (string | undefined)[] = [];
  readonly #placeOf = new Map<string, number>();
  readonly #matrix = new VectorMatrix();

  constructor(expected: number) {
    this.#matrix.expect(expected);
  }

  get size(): number {
    return this.#placeOf.size;
  }

  /** Whether more of the room is lost than used. */
  get isSparse(): boolean {
    return this.#ids.length > 1000 && this.#ids.length > 2 * this.size;
  }

  get bytes(): number {
    return this.#ids.length * (this.#matrix.dimension * floatBytes + idBytes);
  }

  set(id: string, vector: ArrayLike<number>): void {
    if (vector.length === 0) {
      this.remove(id);
      return;
    }
    const place = this.#placeOf.get(id) ?? this.#ids.length;
    this.#ids[place] = id;
    this.#placeOf.set(id, place);
    this.#matrix.set(place, vector);
  }

  remove(id: string): void {
    const place = this.#placeOf.get(id);
    if (place === undefined) return;
    this.#ids[place] = undefined;
    this.#placeOf.delete(id);
  }

  /** The nearest memories by id, best first; undefined when the vector cannot be compared. */
  nearest(vector: readonly number[], limit: number): Map<string, number> | undefined {
    const similarities = this.#matrix.similarities(vector, this.#ids.length);
    if (similarities === undefined) return undefined;
    const scores = similarities.map((value) => Math.min(Math.max(value, 0), 1));
    const ids = this.#ids;
    const live = Int32Array.from(this.#placeOf.values());
    const isBefore = (left: number, right: number): boolean => {
      const difference = (scores[left] ?? 0) - (scores[right] ?? 0);
      return difference === 0 ? (ids[left] ?? "") < (ids[right] ?? "") : difference > 0;
    };
    return new Map(
      topPlaces(live, limit, isBefore).map((place) => [ids[place] ?? "", scores[place] ?? 0]),
    );
  }
}

/**
 * The vectors of the banks that are searched, in memory, so that a search compares them without SQL. The result is that of SQL:
 * own writes are applied as they are made, a transaction that is rolled back or a change by another connection discards
 * everything, and each search reads its hits and the database's version in one snapshot.
 */
export class ResidentVectors {
  readonly #database: Database;
  readonly #maxBytes: number;
  /** Least recently searched first. */
  readonly #banks = new Map<string, ResidentBank>();
  readonly #searches = new Map<string, number>();
  readonly #tooLarge = new Set<string>();
  readonly #loading = new Map<string, Promise<void>>();
  /** Of the database, when everything here was true. */
  #version: number | undefined;
  /** Counts what this object changed, by bank, and how often everything was discarded. */
  readonly #changes = new Map<string, number>();
  #discards = 0;

  constructor(database: Database, maxBytes: number) {
    this.#database = database;
    this.#maxBytes = maxBytes;
    database.onRollback(() => this.#discard());
  }

  /** Applies what was stored. To be called before any later call reaches the database. */
  stored(items: readonly VectorItem[]): void {
    for (const { bankId, id, vector } of items) {
      this.#change(bankId);
      this.#banks.get(bankId)?.set(id, vector);
    }
  }

  /** Applies what was deleted; without ids a whole bank. */
  deleted(bankId: string, ids?: readonly string[]): void {
    this.#change(bankId);
    this.#tooLarge.delete(bankId);
    const bank = this.#banks.get(bankId);
    if (ids === undefined) this.#banks.delete(bankId);
    for (const id of ids ?? []) bank?.remove(id);
    if (bank?.isSparse === true) this.#banks.delete(bankId);
  }

  /** The hits; undefined when SQL has to find them. */
  async search(search: ResidentSearch): Promise<VectorHit[] | undefined> {
    if (this.#maxBytes === 0 || search.limit > maxLimit) return undefined;
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const bank = await this.#bank(search);
      if (bank === undefined) return undefined;
      const found = await this.#searchIn(bank, search);
      if (found !== "changed") return found;
    }
    return undefined;
  }

  async #searchIn(
    bank: ResidentBank,
    { bankId, queryVector, limit, clauses, signal }: ResidentSearch,
  ): Promise<VectorHit[] | "changed" | undefined> {
    const { isFiltered } = clauses;
    const changes = this.#changesOf(bankId);
    const nearest = bank.nearest(queryVector, isFiltered ? limit * lookedAtForEach : limit);
    if (nearest === undefined) return undefined;
    const args: InValue[] = [...clauses.args, JSON.stringify([...nearest.keys()])];
    const rows = await this.#readIfSame(
      bankId,
      changes,
      {
        sql: `SELECT ${hitColumns}, 0.0 AS score FROM astrocyte_memories m
          WHERE ${clauses.sql} AND m.id IN (SELECT value FROM json_each(?))`,
        args,
      },
      signal,
    );
    if (rows === undefined) return "changed";
    const byId = new Map(toVectorHits(rows).map((hit) => [hit.id, hit]));
    const hits: VectorHit[] = [];
    for (const [id, score] of nearest) {
      const hit = byId.get(id);
      if (hit !== undefined && hits.length < limit) hits.push({ ...hit, score });
    }
    // Too few pass: memories that are farther away may.
    if (hits.length < limit && nearest.size < bank.size) return undefined;
    this.#banks.delete(bankId);
    this.#banks.set(bankId, bank);
    return hits;
  }

  /** Reads, unless the database is not any more what this object knows of it. */
  async #readIfSame(
    bankId: string,
    changes: number,
    statement: Statement,
    signal: AbortSignal | undefined,
  ): Promise<StatementResult["rows"] | undefined> {
    let isSame = false;
    const [result] = await this.#database.read([statement], signal, () => {
      isSame = changes === this.#changesOf(bankId);
    });
    const version = await this.#database.foreignChanges(signal);
    return isSame && version === this.#version ? result?.rows : undefined;
  }

  async #bank({ bankId, signal }: ResidentSearch): Promise<ResidentBank | undefined> {
    const version = await this.#database.foreignChanges(signal);
    if (version === undefined) return undefined;
    if (version !== this.#version) this.#discard(version);
    const known = this.#banks.get(bankId);
    if (known !== undefined || this.#tooLarge.has(bankId)) return known;
    if (this.#database.isInTransaction() || !this.#isHot(bankId)) return undefined;
    const loading = this.#loading.get(bankId) ?? this.#load(bankId);
    this.#loading.set(bankId, loading);
    try {
      await loading;
    } finally {
      if (this.#loading.get(bankId) === loading) this.#loading.delete(bankId);
    }
    signal?.throwIfAborted();
    return this.#banks.get(bankId);
  }

  #isHot(bankId: string): boolean {
    const searches = (this.#searches.get(bankId) ?? 0) + 1;
    this.#searches.delete(bankId);
    this.#searches.set(bankId, searches);
    for (const oldest of this.#searches.keys()) {
      if (this.#searches.size <= maxBanks) break;
      this.#searches.delete(oldest);
    }
    return searches >= hotSearches;
  }

  async #load(bankId: string): Promise<void> {
    const changes = this.#changesOf(bankId);
    const bank = await this.#read(bankId);
    if (bank === undefined) {
      this.#tooLarge.add(bankId);
      return;
    }
    const version = await this.#database.foreignChanges();
    if (changes !== this.#changesOf(bankId) || version !== this.#version) {
      // Not before it has been asked some more, since reading all of a bank for one search costs more than SQL.
      this.#searches.set(bankId, -searchesAfterFailure);
      return;
    }
    this.#banks.set(bankId, bank);
    let total = 0;
    for (const { bytes } of this.#banks.values()) total += bytes;
    for (const [id, { bytes }] of this.#banks) {
      if ((total <= this.#maxBytes && this.#banks.size <= maxBanks) || id === bankId) break;
      this.#banks.delete(id);
      total -= bytes;
    }
  }

  /** A bank as it is in the database; undefined when it is larger than all that may be kept. */
  async #read(bankId: string): Promise<ResidentBank | undefined> {
    const where = "FROM astrocyte_memories m WHERE m.bank_id = ? AND m.embedding IS NOT NULL";
    const select = async (sql: string, args: InValue[]) =>
      (await this.#database.read([{ sql, args }]))[0]?.rows;
    const [{ count } = { count: 0 }] = countRows.parse(
      await select(`SELECT count(*) AS count ${where}`, [bankId]),
    );
    const bank = new ResidentBank(count);
    for (let last = ""; ;) {
      const page = pageRows.parse(
        await select(`SELECT m.id, m.embedding ${where} AND m.id > ? ORDER BY m.id LIMIT ?`, [
          bankId,
          last,
          pageSize,
        ]),
      );
      for (const { id, embedding } of page) {
        const bytes = count * (embedding.byteLength + idBytes);
        if (bytes > this.#maxBytes) return undefined;
        bank.set(id, new Float32Array(embedding));
        last = id;
      }
      if (page.length < pageSize) return bank;
    }
  }

  #change(bankId: string): void {
    this.#changes.set(bankId, (this.#changes.get(bankId) ?? 0) + 1);
  }

  /** A number that no two states of a bank share. */
  #changesOf(bankId: string): number {
    return this.#discards * 2 ** 32 + (this.#changes.get(bankId) ?? 0);
  }

  #discard(version?: number): void {
    this.#banks.clear();
    this.#tooLarge.clear();
    this.#changes.clear();
    this.#version = version;
    this.#discards += 1;
  }
}
