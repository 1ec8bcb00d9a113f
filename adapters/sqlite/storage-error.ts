import { ClosedError, ConfigError, ProviderUnavailableError, StorageError } from "astrocyte";

/** What to do about an error code of SQLite. Messages of the driver stay in `cause`: they may quote statements. */
const advice: Readonly<Record<string, string>> = {
  SQLITE_AUTH: "access was refused; check auth_token",
  SQLITE_BUSY: "another process kept it locked for too long; retry, or raise busy_timeout_ms",
  SQLITE_CANTOPEN:
    "it cannot be opened; check that it is a file in a folder that this process may write to",
  SQLITE_CORRUPT: "the file is damaged; restore it from a backup",
  SQLITE_FULL: "the disk is full; free some space, nothing of this call was written",
  SQLITE_IOERR: "the disk failed to read or write; check the disk and its free space",
  SQLITE_LOCKED: "another call kept it locked; retry",
  SQLITE_NOTADB:
    "the file is not a SQLite database; give another path, or move that file out of the way",
  SQLITE_PERM: "this process may not open it; check the permissions of the file and its folder",
  SQLITE_READONLY:
    "it is read-only for this process; check the permissions of the file and its folder",
  SQLITE_TOOBIG: "a text is larger than SQLite takes; store it in parts",
};

/** The `code` of a driver's or Node's error. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") {
    return undefined;
  }
  // The driver gives no code when it cannot open a local file.
  if (error.code === "") {
    return error.message.startsWith("ConnectionFailed") ? "SQLITE_CANTOPEN" : undefined;
  }
  return error.code;
}

/** Turns a driver's error into one of the framework's, with the original as `cause`. */
export function toStorageError(error: unknown, location: string, remote: boolean): Error {
  const code = errorCode(error);
  if (code === "CLIENT_CLOSED") return new ClosedError(`sqlite store ${location}`);
  if (code?.startsWith("URL_")) {
    return new ConfigError(`sqlite store: the client does not take the URL ${location} (${code})`, {
      cause: error,
    });
  }
  if (code?.startsWith("SQLITE_")) {
    return new StorageError(
      `${location}: ${advice[code] ?? "SQLite refused the statement"} (${code})`,
      {
        cause: error,
      },
    );
  }
  if (remote) {
    return new ProviderUnavailableError(
      "sqlite",
      `${location} did not answer (${code ?? "network"})`,
      {
        cause: error,
      },
    );
  }
  return new StorageError(`${location}: the driver failed (${code ?? "unknown"})`, {
    cause: error,
  });
}
