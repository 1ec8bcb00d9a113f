import { AstrocyteError, ClosedError, ProviderUnavailableError, StorageError } from "astrocyte";

/** What to do about an SQLSTATE. The server's messages stay in `cause`: they may quote statements and rows. */
const advice: Readonly<Record<string, string>> = {
  "25006":
    "it is read-only, as a standby is; connect to the primary, nothing of this call was written",
  "28000": "access was refused; check user, password and pg_hba.conf",
  "28P01": "access was refused; check user and password",
  "3D000": "there is no such database; create it first",
  "3F000": "the schema is gone; open the store again",
  "40001": "other writers were faster every time; retry",
  "40P01": "it waited in a circle with other writers every time; retry",
  "42501":
    "the role lacks a privilege; grant it, or open the store once as the owner of the schema",
  "42P01": "a table is gone; open the store again",
  "53100": "the server's disk is full; free some space, nothing of this call was written",
  "53200": "the server is out of memory; store less at once",
  "54000": "a value is larger than the server takes; store it in parts",
  "55P03": "a lock was not to be had in time; retry",
  "57014": "a statement took too long; retry, or raise statement_timeout_ms",
};

/** SQLSTATEs of a server that cannot be reached, is starting or stopping, or has no connection left. */
const outage = /^(?:08...|57P0[1-5]|53300)$/;
const stateForm = /^[0-9A-Z]{5}$/;

/** The `code` of a driver's or Node's error. */
function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") {
    return undefined;
  }
  return error.code;
}

/** The five characters with which the server says what is wrong; undefined when the server did not speak. */
export function sqlState(error: unknown): string | undefined {
  const code = errorCode(error);
  // EPIPE has five characters too, and comes from the connection.
  return code !== undefined && stateForm.test(code) && /\d/.test(code) ? code : undefined;
}

/** Whether the connection that an error came from may be used again. */
export function connectionSurvives(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && !outage.test(state);
}

/** Turns a driver's error into one of the framework's, with the original as `cause`. */
export function toStorageError(error: unknown, location: string): Error {
  if (AstrocyteError.isInstance(error)) return error;
  const state = sqlState(error);
  if (state === undefined || outage.test(state)) {
    const message = error instanceof Error ? error.message : "";
    if (message.includes("after calling end")) return new ClosedError(`postgres store ${location}`);
    const reason = /timeout/i.test(message) ? "timeout" : (errorCode(error) ?? "network");
    return new ProviderUnavailableError("postgres", `${location} did not answer (${reason})`, {
      cause: error,
    });
  }
  return new StorageError(
    `${location}: ${advice[state] ?? "the server refused the statement"} (SQLSTATE ${state})`,
    { cause: error },
  );
}
