import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client, InValue, Row } from "@libsql/client";
import { ClosedError, importPeer, StorageError } from "astrocyte";
import { createFolder } from "./create-folder.js";
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

/** One libSQL database. Every call is a single transaction, so that local files and remote servers behave alike. */
export interface Database {
  readonly location: string;
  /** Reads from one snapshot. */
  read(statements: readonly Statement[], signal?: AbortSignal): Promise<StatementResult[]>;
  /** Applies all statements or none. */
  write(statements: readonly Statement[], signal?: AbortSignal): Promise<StatementResult[]>;
  /**
   * A number that differs when another connection changed the database, or when this one had to be opened anew; undefined for a
   * remote database, which does not tell.
   */
  foreignChanges(signal?: AbortSignal): Promise<number | undefined>;
  /** Moves what was erased out of the write-ahead log of a local file, as far as other readers allow. */
  flushErased(): Promise<void>;
  /** Lets the calls in flight end, and refuses new ones. */
  close(): Promise<void>;
}

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
    timeout: target.busyTimeoutMs,
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
  let last: Promise<unknown> = Promise.resolve();
  /** Runs local calls one by one, so that none is in flight when another has to reconnect. */
  const inTurn = <Result>(call: () => Promise<Result>): Promise<Result> => {
    if (remote) return call();
    const turn = last.then(call);
    last = turn.catch(() => {});
    return turn;
  };

  const batch = async (
    mode: "read" | "write",
    statements: readonly Statement[],
  ): Promise<StatementResult[]> => {
    try {
      return await client.batch([...statements], mode);
    } catch (error) {
      if (file !== undefined && isBusy(error)) {
        // The driver leaves the refused BEGIN open on its connection, and no later transaction could commit there.
        client.reconnect();
        reconnects += 1;
        await prepareConnection(client, target.busyTimeoutMs);
      }
      throw error;
    }
  };

  const run = async (
    mode: "read" | "write",
    statements: readonly Statement[],
    signal: AbortSignal | undefined,
  ): Promise<StatementResult[]> => {
    signal?.throwIfAborted();
    if (closed) throw new ClosedError(`sqlite store ${location}`);
    if (statements.length === 0) return [];
    return await inTurn(async () => {
      signal?.throwIfAborted();
      try {
        return await batch(mode, statements);
      } catch (error) {
        throw toStorageError(error, location, remote);
      }
    });
  };

  const checkpoint = async (mode: "PASSIVE" | "TRUNCATE"): Promise<void> => {
    if (file === undefined) return;
    try {
      await client.execute(`PRAGMA wal_checkpoint(${mode})`);
    } catch {
      // The data is committed and stays in the log until a later checkpoint.
    }
  };

  return {
    location,
    read: (statements, signal) => run("read", statements, signal),
    write: (statements, signal) => run("write", statements, signal),
    foreignChanges: async (signal) => {
      if (remote) return undefined;
      const [result] = await run("read", [{ sql: "PRAGMA data_version", args: [] }], signal);
      const version = Number(result?.rows[0]?.[0]);
      // The version belongs to the connection; a new one may begin with the number that the old one ended with.
      return Number.isSafeInteger(version) ? version + reconnects * 2 ** 24 : undefined;
    },
    flushErased: () => inTurn(() => checkpoint("TRUNCATE")),
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
