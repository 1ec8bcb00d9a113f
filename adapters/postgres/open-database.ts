import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ClosedError } from "astrocyte";
import type { Pool, PoolClient } from "pg";
import { raceWithSignal } from "../internal/race-with-signal.js";
import { loadDriver } from "./load-driver.js";
import type { DatabaseTarget } from "./postgres-store-config.js";
import { connectionSurvives, sqlState, toStorageError } from "./storage-error.js";

export interface StatementResult {
  readonly rows: readonly unknown[];
  /** Rows that the statement changed itself, without those of triggers; of a SELECT, the rows found. */
  readonly rowCount: number;
}

/** Runs one statement; every value is bound. */
export type Query = (sql: string, values?: readonly unknown[]) => Promise<StatementResult>;

interface ReadOptions {
  readonly signal: AbortSignal | undefined;
  /** Reads from one snapshot, and lets the work set what holds for this transaction. */
  readonly inTransaction?: boolean;
}

interface WriteOptions {
  readonly signal: AbortSignal | undefined;
  /** Whether an unknown bank is made; without it there is nothing to do in one. */
  readonly creates?: boolean;
}

/** One schema of one database, over a pool of connections. */
export interface Database {
  readonly location: string;
  /** Quoted. */
  readonly schema: string;
  /** Names this object among all that write. */
  readonly writer: string;
  /**
   * How often this object's count of its own writes told less than the truth: a connection broke while it committed, or writes
   * that had succeeded inside a transaction were undone with it.
   */
  readonly unknownOutcomes: number;
  /** Has every transaction name its bank, as row-level security wants. */
  nameBanks(): void;
  /** Reads rows of one bank; `undefined` reads what belongs to none. */
  read<Result>(
    bankId: string | undefined,
    work: (query: Query) => Promise<Result>,
    options: ReadOptions,
  ): Promise<Result>;
  /**
   * Does the work for each bank, in one transaction. Writers of one bank follow one another from here on, and its revision
   * grows.
   */
  write<Result>(
    bankIds: readonly string[],
    work: (query: Query, bankId: string) => Promise<Result>,
    options: WriteOptions,
  ): Promise<Result[]>;
  /** Writes what belongs to no bank, in one transaction. */
  writeShared<Result>(
    work: (query: Query) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result>;
  /** Runs the calls that `run` makes, wherever they are, in one transaction; one that fails is undone alone. */
  atomically<Result>(run: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
  /** Whether the caller runs inside `atomically`, so that what it sees may yet be undone. */
  isInTransaction(): boolean;
  /** Runs statements one by one, each for as long as it takes, outside of any transaction. */
  maintain(statements: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Lets the calls in flight end, and refuses new ones. */
  close(): Promise<void>;
}

/** The transaction of an `atomically`. */
interface Scope {
  readonly query: Query;
  /** Calls inside follow one another, since each has its savepoint. */
  last: Promise<unknown>;
  hasWritten: boolean;
  hasEnded: boolean;
}

const mostTries = 6;
const firstDelayMs = 10;

/** Conflicts with other transactions, after which the same one may well succeed. */
function isConflict(error: unknown): boolean {
  const state = sqlState(error);
  return state === "40001" || state === "40P01";
}

const ignore = (): void => {};

/** Gives connections of a pool, made ready. They carry the listener `ignore`, which is to be taken off before the release. */
function connectionsOf(pool: Pool, { statementTimeoutMs }: DatabaseTarget) {
  const ready = new WeakSet<PoolClient>();
  const makeReady = async (client: PoolClient): Promise<void> => {
    await client.query("SELECT set_config('statement_timeout', $1, false)", [
      String(statementTimeoutMs),
    ]);
    // A server on a platform that can tells by itself when a client has left a running statement.
    await client
      .query("SELECT set_config('client_connection_check_interval', '1000', false)")
      .catch(ignore);
    ready.add(client);
  };
  return async (signal: AbortSignal | undefined): Promise<PoolClient> => {
    const pending = pool.connect();
    let client: PoolClient;
    try {
      client = await raceWithSignal(pending, signal);
    } catch (error) {
      // The turn may still come; nobody waits for it any more.
      pending.then((late) => late.release(), ignore);
      throw error;
    }
    // What breaks between two statements is told by the next one.
    client.on("error", ignore);
    if (ready.has(client)) return client;
    const preparing = makeReady(client);
    try {
      await raceWithSignal(preparing, signal);
    } catch (error) {
      preparing.catch(ignore);
      client.removeListener("error", ignore);
      client.release(true);
      throw error;
    }
    return client;
  };
}

export interface DatabaseParts {
  /** In `[0, 1)`. */
  readonly random: () => number;
}

/** Opens a pool; the first call connects. */
export async function openDatabase(
  target: DatabaseTarget,
  { random }: DatabaseParts,
): Promise<Database> {
  const { location, schema } = target;
  const { Pool: DriverPool } = await loadDriver();
  const pool = new DriverPool({
    ...target.connection,
    application_name: "astrocyte",
    max: target.poolSize,
    connectionTimeoutMillis: target.connectTimeoutMs,
    keepAlive: true,
    allowExitOnIdle: true,
  });
  // A connection that breaks while it is idle has left the pool already.
  pool.on("error", ignore);
  const connect = connectionsOf(pool, target);
  const writer = randomUUID();
  let closed = false;
  let unknownOutcomes = 0;
  let namesBanks = false;
  const inFlight = new Set<Promise<unknown>>();
  const scopes = new AsyncLocalStorage<Scope>();
  const currentScope = (): Scope | undefined => {
    const scope = scopes.getStore();
    return scope?.hasEnded === false ? scope : undefined;
  };

  /** Lends a connection. It goes back to the pool only when it is certain to be idle and outside of a transaction. */
  const lend = async <Result>(
    signal: AbortSignal | undefined,
    work: (query: Query) => Promise<Result>,
  ): Promise<Result> => {
    const client = await connect(signal);
    let isBroken = false;
    const query: Query = async (sql, values = []) => {
      try {
        const { rows, rowCount } = await client.query<Record<string, unknown>>(sql, [...values]);
        return { rows, rowCount: rowCount ?? 0 };
      } catch (error) {
        isBroken ||= !connectionSurvives(error);
        throw error;
      }
    };
    const working = work(query);
    try {
      return await raceWithSignal(working, signal);
    } catch (error) {
      isBroken ||= signal?.aborted === true;
      throw error;
    } finally {
      // What an abandoned connection still answers is nobody's concern.
      working.catch(ignore);
      client.removeListener("error", ignore);
      client.release(isBroken);
    }
  };

  const transaction = <Result>(
    kind: "READ ONLY" | "READ WRITE",
    work: (query: Query) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> =>
    lend(signal, async (query) => {
      await query(
        kind === "READ ONLY"
          ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
          : // Whether it may write is left to the server, which says so of a read-only database.
            "BEGIN ISOLATION LEVEL READ COMMITTED",
      );
      let result: Result;
      try {
        result = await work(query);
      } catch (error) {
        await query("ROLLBACK").catch(ignore);
        throw error;
      }
      try {
        signal?.throwIfAborted();
        await query("COMMIT");
      } catch (error) {
        if (kind === "READ WRITE" && !connectionSurvives(error)) unknownOutcomes += 1;
        throw error;
      }
      return result;
    });

  /** Runs a call that `close` waits for, unless the store is closed. */
  const follow = <Result>(
    signal: AbortSignal | undefined,
    run: () => Promise<Result>,
  ): Promise<Result> => {
    const running = (async () => {
      signal?.throwIfAborted();
      // What belongs to a transaction that has begun ends with it.
      if (closed && currentScope() === undefined) {
        throw new ClosedError(`postgres store ${location}`);
      }
      return await run();
    })();
    inFlight.add(running);
    const leave = (): void => {
      inFlight.delete(running);
    };
    running.then(leave, leave);
    return running;
  };

  /** Runs a call, again when it collided with another transaction, and gives its error in the framework's terms. */
  const call = <Result>(
    signal: AbortSignal | undefined,
    attempt: () => Promise<Result>,
  ): Promise<Result> =>
    follow(signal, async () => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await attempt();
        } catch (error) {
          if (signal?.aborted) throw signal.reason;
          if (!isConflict(error) || tries === mostTries) throw toStorageError(error, location);
        }
        const delayMs = firstDelayMs * 2 ** (tries - 1) * (0.5 + random());
        try {
          await sleep(delayMs, undefined, { signal });
        } catch {
          signal?.throwIfAborted();
        }
      }
    });

  /** Runs work inside the transaction of an `atomically`. */
  const within = <Result>(
    scope: Scope,
    kind: "READ ONLY" | "READ WRITE",
    work: (query: Query) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> => {
    const turn = scope.last.then(async () => {
      signal?.throwIfAborted();
      await scope.query("SAVEPOINT astrocyte_call");
      try {
        const result = await work(scope.query);
        signal?.throwIfAborted();
        await scope.query("RELEASE SAVEPOINT astrocyte_call");
        scope.hasWritten ||= kind === "READ WRITE";
        return result;
      } catch (error) {
        await scope
          .query("ROLLBACK TO SAVEPOINT astrocyte_call; RELEASE SAVEPOINT astrocyte_call")
          .catch(ignore);
        throw error;
      }
    });
    scope.last = turn.catch(ignore);
    return raceWithSignal(turn, signal);
  };

  const write = <Result>(
    work: (query: Query) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> => {
    const scope = currentScope();
    return scope === undefined
      ? transaction("READ WRITE", work, signal)
      : within(scope, "READ WRITE", work, signal);
  };

  const atomically = async <Result>(
    run: () => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> => {
    let failure: { readonly error: unknown } | undefined;
    let scope: Scope | undefined;
    try {
      return await transaction(
        "READ WRITE",
        async (query) => {
          const own: Scope = {
            query,
            last: Promise.resolve(),
            hasWritten: false,
            hasEnded: false,
          };
          scope = own;
          try {
            return await scopes.run(own, run);
          } catch (error) {
            failure = { error };
            throw error;
          } finally {
            // A call that nobody waited for must not end up after the transaction.
            await own.last;
            own.hasEnded = true;
          }
        },
        signal,
      );
    } catch (error) {
      if (scope?.hasWritten === true) unknownOutcomes += 1;
      if (signal?.aborted) throw signal.reason;
      throw failure === undefined ? toStorageError(error, location) : failure.error;
    }
  };

  const nameBank = async (query: Query, bankId: string): Promise<void> => {
    if (namesBanks) await query("SELECT set_config('astrocyte.bank_id', $1, true)", [bankId]);
  };

  const nextRevision = `revision = b.revision + 1, writer = $2,
    foreign_revision = CASE WHEN b.writer = $2 THEN b.foreign_revision ELSE b.revision END`;
  const enterNew = `INSERT INTO ${schema}.astrocyte_banks AS b (bank_id, revision, writer) VALUES ($1, 1, $2)
    ON CONFLICT (bank_id) DO UPDATE SET ${nextRevision}`;
  const enterKnown = `UPDATE ${schema}.astrocyte_banks AS b SET ${nextRevision} WHERE bank_id = $1`;

  return {
    location,
    schema,
    writer,
    get unknownOutcomes() {
      return unknownOutcomes;
    },
    nameBanks: () => {
      namesBanks = true;
    },
    read: (bankId, work, { signal, inTransaction = false }) =>
      call(signal, () => {
        const named = async (query: Query) => {
          if (bankId !== undefined) await nameBank(query, bankId);
          return await work(query);
        };
        const scope = currentScope();
        if (scope !== undefined) return within(scope, "READ ONLY", named, signal);
        return namesBanks || inTransaction
          ? transaction("READ ONLY", named, signal)
          : lend(signal, work);
      }),
    write: (bankIds, work, { signal, creates = false }) =>
      call(signal, () =>
        write(async (query) => {
          const results: Awaited<ReturnType<typeof work>>[] = [];
          // One order for all, so that two writers never wait for each other.
          for (const bankId of [...new Set(bankIds)].toSorted()) {
            await nameBank(query, bankId);
            await query(creates ? enterNew : enterKnown, [bankId, writer]);
            results.push(await work(query, bankId));
          }
          return results;
        }, signal),
      ),
    writeShared: (work, signal) => call(signal, () => write(work, signal)),
    atomically: (run, signal) =>
      currentScope() === undefined ? follow(signal, () => atomically(run, signal)) : run(),
    isInTransaction: () => currentScope() !== undefined,
    maintain: (statements, signal) =>
      call(signal, () =>
        lend(signal, async (query) => {
          const limit = "SELECT set_config('statement_timeout', $1, false)";
          await query(limit, ["0"]);
          try {
            for (const sql of statements) await query(sql);
          } finally {
            await query(limit, [String(target.statementTimeoutMs)]);
          }
        }),
      ),
    close: async () => {
      if (closed) return;
      closed = true;
      await Promise.allSettled(inFlight);
      await pool.end();
    },
  };
}
