import { AsyncLocalStorage } from "node:async_hooks";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client, InValue, Row, Transaction } from "@libsql/client";
import { ClosedError, importPeer, StorageError } from "astrocyte";
import { createFolder } from "./create-folder.js";
import { createQueue, type Queue } from "./create-queue.js";
import type { DatabaseTarget } from "./sqlite-store-config.js";
import { errorCode, toStorageError } from "./storage-error.js";

export interface Statement {
  readonly sql: string;
  readonly args: InValue[];
}

export interface StatementResult {
  readonly rows: readonly Row[];
  /** Rows that the statement changed itself, without those of triggers. */
  readonly rowsAffected: number;
}

/** One libSQL database. Every call is a single transaction, unless it belongs to a larger one. */
export interface Database {
  readonly location: string;
  /** Reads from one snapshot. `done` runs before any later call does. */
  read(
    statements: readonly Statement[],
    signal?: AbortSignal,
    done?: () => void,
  ): Promise<StatementResult[]>;
  /** Applies all statements or none. `done` runs, when they are applied, before any later call does. */
  write(
    statements: readonly Statement[],
    signal?: AbortSignal,
    done?: () => void,
  ): Promise<StatementResult[]>;
  /** Calls a function whenever a `transaction` was rolled back, before any later call runs. */
  onRollback(listener: () => void): void;
  /**
   * Makes one transaction of every call that `run` causes; it commits when `run` resolves. A `write` inside that fails undoes itself
   * alone. Other calls wait meanwhile.
   */
  transaction<Result>(run: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
  /** Whether the caller is inside a `transaction`. */
  isInTransaction(): boolean;
  /** Runs one statement that SQLite takes outside of transactions only. */
  execute(statement: Statement, signal?: AbortSignal): Promise<StatementResult>;
  /**
   * A number that differs when another connection changed the database, or when this one had to be opened anew; undefined for a
   * remote database, which does not tell.
   */
  foreignChanges(signal?: AbortSignal): Promise<number | undefined>;
  /**
   * Moves what was erased out of the write-ahead log of a local file, after the transaction if there is one.
   *
   * @returns Whether the log is empty; other readers may keep it from becoming so.
   */
  flushErased(): Promise<boolean>;
  /** Lets the calls in flight end, and refuses new ones. */
  close(): Promise<void>;
}

/** A transaction in which several calls take part. */
interface Scope {
  readonly transaction: Transaction;
  readonly queue: Queue;
  isOpen: boolean;
  wantsFlush: boolean;
  /** Why the transaction is lost as a whole. */
  failure?: unknown;
}

/** Lets the calls in flight end; later ones are none of the transaction's. */
async function endScope(scope: Scope): Promise<void> {
  scope.isOpen = false;
  await scope.queue(() => Promise.resolve());
}

async function runInside(
  scope: Scope,
  mode: "read" | "write",
  statements: readonly Statement[],
): Promise<StatementResult[]> {
  const { transaction } = scope;
  if (scope.failure !== undefined) throw scope.failure;
  if (mode === "read") return transaction.batch([...statements]);
  await transaction.execute("SAVEPOINT part");
  try {
    const results = await transaction.batch([...statements]);
    await transaction.execute("RELEASE part");
    return results;
  } catch (error) {
    try {
      await transaction.execute("ROLLBACK TO part");
      await transaction.execute("RELEASE part");
    } catch {
      // SQLite rolls back everything when the disk is full or fails; nothing may be committed after that.
      scope.failure = error;
    }
    throw error;
  }
}

/**
 * How long SQLite itself waits for a lock, which keeps the whole process waiting; after that the process goes on with other work and
 * asks again. The lock may be another connection's of this very process.
 */
const pollMs = 25;

function isBusy(error: unknown): boolean {
  const code = errorCode(error);
  return code === "SQLITE_BUSY" || code === "SQLITE_LOCKED";
}

/** Sets what holds for one connection, so it runs again after every reconnect. */
async function prepareConnection(client: Client, busyTimeoutMs: number): Promise<void> {
  // SQLite does not always wait for the lock when it changes the journal mode, so two first openers can collide.
  for (let waitedMs = 0; ; waitedMs += 20) {
    try {
      await client.execute("PRAGMA journal_mode = WAL");
      break;
    } catch (error) {
      if (!isBusy(error) || waitedMs >= busyTimeoutMs) throw error;
      client.reconnect();
      await sleep(20);
    }
  }
  await client.execute("PRAGMA secure_delete = ON");
}

async function connect(target: DatabaseTarget): Promise<Client> {
  const { createClient } = await importPeer(
    "@libsql/client",
    "astrocyte/adapters/sqlite",
    () => import("@libsql/client"),
  );
  if (target.remote) {
    const { authToken } = target;
    return createClient({ url: target.url, ...(authToken === undefined ? {} : { authToken }) });
  }
  // One connection, because secure_delete belongs to a connection. Local statements run one after another anyway.
  const client = createClient({
    url: target.url,
    timeout: Math.min(target.busyTimeoutMs, pollMs),
    concurrency: 1,
  });
  try {
    if (target.file !== undefined) await prepareConnection(client, target.busyTimeoutMs);
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}

/**
 * Opens the database, and creates a local file with its folders when it is not there.
 *
 * @throws StorageError when the file or its folder is not usable.
 */
export async function openDatabase(target: DatabaseTarget): Promise<Database> {
  const { location, file, remote } = target;
  if (file !== undefined) {
    try {
      await createFolder(dirname(file));
    } catch (error) {
      throw new StorageError(
        `${location}: its folder cannot be created (${errorCode(error) ?? "unknown"}); check the path and its permissions`,
        { cause: error },
      );
    }
  }
  let client: Client;
  try {
    client = await connect(target);
  } catch (error) {
    throw errorCode(error) === "ASTROCYTE_MISSING_PEER"
      ? error
      : toStorageError(error, location, remote);
  }

  let closed = false;
  let reconnects = 0;
  // Local calls run one by one, so that none is in flight when another has to reconnect.
  const queue = createQueue();
  const inTurn: Queue = (call) => (remote ? call() : queue(call));
  const scopes = new AsyncLocalStorage<Scope>();
  const rollbackListeners: (() => void)[] = [];
  const openScope = (): Scope | undefined => {
    const scope = scopes.getStore();
    return scope?.isOpen === true ? scope : undefined;
  };

  /** Makes the connection usable after an error of `begin`. */
  const recover = async (error: unknown): Promise<void> => {
    if (file === undefined || !isBusy(error)) return;
    // The driver leaves the refused BEGIN open on its connection, and no later transaction could commit there.
    client.reconnect();
    reconnects += 1;
    await prepareConnection(client, target.busyTimeoutMs);
  };

  /** Runs what needs a lock, again and again while another connection holds it. */
  const patiently = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    for (let waitedMs = 0; ;) {
      try {
        return await call();
      } catch (error) {
        await recover(error);
        if (!isBusy(error) || waitedMs >= target.busyTimeoutMs) throw error;
      }
      // Not all at the same moments.
      const pauseMs = 2 + Math.random() * 20;
      await sleep(pauseMs);
      waitedMs += pollMs + pauseMs;
    }
  };

  const assertUsable = (signal: AbortSignal | undefined): void => {
    signal?.throwIfAborted();
    if (closed) throw new ClosedError(`sqlite store ${location}`);
  };

  /** Runs a call with the errors of the driver turned into the framework's. */
  const translated = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    try {
      return await call();
    } catch (error) {
      throw toStorageError(error, location, remote);
    }
  };

  const batch = (
    mode: "read" | "write",
    statements: readonly Statement[],
  ): Promise<StatementResult[]> => patiently(() => client.batch([...statements], mode));

  const run = async (
    mode: "read" | "write",
    statements: readonly Statement[],
    signal: AbortSignal | undefined,
    done: () => void = () => {},
  ): Promise<StatementResult[]> => {
    const scope = openScope();
    if (scope === undefined) assertUsable(signal);
    if (statements.length === 0) return [];
    return await (scope?.queue ?? inTurn)(async () => {
      signal?.throwIfAborted();
      const results = await translated(() =>
        scope === undefined ? batch(mode, statements) : runInside(scope, mode, statements),
      );
      done();
      return results;
    });
  };

  const checkpoint = async (mode: "PASSIVE" | "TRUNCATE"): Promise<boolean> => {
    if (file === undefined) return true;
    try {
      const { rows } = await client.execute(`PRAGMA wal_checkpoint(${mode})`);
      return Number(rows[0]?.[0]) === 0;
    } catch {
      // The data is committed and stays in the log until a later checkpoint.
      return false;
    }
  };

  const transact = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    const transaction = await translated(() => patiently(() => client.transaction("write")));
    const scope: Scope = { transaction, queue: createQueue(), isOpen: true, wantsFlush: false };
    let isCommitted = false;
    try {
      const result = await scopes.run(scope, call);
      await endScope(scope);
      if (scope.failure !== undefined) throw toStorageError(scope.failure, location, remote);
      await translated(() => transaction.commit());
      isCommitted = true;
      return result;
    } finally {
      await endScope(scope);
      if (!isCommitted) for (const listener of rollbackListeners) listener();
      // Rolls back unless it was committed.
      transaction.close();
      if (scope.wantsFlush) await checkpoint("TRUNCATE");
    }
  };

  return {
    location,
    read: (statements, signal, done) => run("read", statements, signal, done),
    write: (statements, signal, done) => run("write", statements, signal, done),
    onRollback: (listener) => void rollbackListeners.push(listener),
    transaction: async (call, signal) => {
      if (openScope() !== undefined) return call();
      assertUsable(signal);
      return inTurn(() => {
        signal?.throwIfAborted();
        return transact(call);
      });
    },
    isInTransaction: () => openScope() !== undefined,
    execute: async (statement, signal) => {
      assertUsable(signal);
      return inTurn(() => translated(() => patiently(() => client.execute(statement))));
    },
    foreignChanges: async (signal) => {
      if (remote) return undefined;
      const [result] = await run("read", [{ sql: "PRAGMA data_version", args: [] }], signal);
      const version = Number(result?.rows[0]?.[0]);
      // The version belongs to the connection; a new one may begin with the number that the old one ended with.
      return Number.isSafeInteger(version) ? version + reconnects * 2 ** 24 : undefined;
    },
    flushErased: async () => {
      const scope = openScope();
      if (scope === undefined) return inTurn(() => checkpoint("TRUNCATE"));
      scope.wantsFlush = true;
      return false;
    },
    close: async () => {
      if (closed) return;
      closed = true;
      await inTurn(async () => {
        // The driver closes the file only when its statements are collected as garbage, so SQLite's own checkpoint at the
        // last close would come late or never.
        await checkpoint("PASSIVE");
        client.close();
      });
    },
  };
}
