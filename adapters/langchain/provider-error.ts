import { AstrocyteError, AuthorizationError, ProviderUnavailableError } from "astrocyte";
import { isRecord } from "./is-record.js";

const networkCodes: ReadonlySet<string> = new Set([
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_SOCKET",
]);

const timeoutNames: ReadonlySet<string> = new Set(["TimeoutError", "APIConnectionTimeoutError"]);

const maxCauses = 8;

/** The error and what caused it, outermost first. */
function causesOf(error: unknown): Record<string, unknown>[] {
  const causes: Record<string, unknown>[] = [];
  let current = error;
  while (isRecord(current) && causes.length < maxCauses) {
    causes.push(current);
    current = current["cause"];
  }
  return causes;
}

/** HTTP status where SDKs put it: on the error, or on its response. */
function statusOf(error: Record<string, unknown>): number | undefined {
  const response = isRecord(error["response"]) ? error["response"] : {};
  return [error["status"], error["statusCode"], response["status"]].find(
    (status) => typeof status === "number",
  );
}

/** Why a request never got an answer; undefined when that is not the error. */
function networkReason(error: Record<string, unknown>): string | undefined {
  const { code, name } = error;
  if (typeof code === "string" && networkCodes.has(code)) return code;
  if (typeof name === "string" && timeoutNames.has(name)) return "timeout";
  if (error["message"] === "fetch failed") return "no connection";
  return undefined;
}

/**
 * What a failed call to a model throws: ProviderUnavailableError for an outage (no connection, a timeout, HTTP 408, 429
 * or 5xx), AuthorizationError for HTTP 401 and 403, and the error itself otherwise. Our messages quote nothing of the
 * original's, which may hold a part of the key or of the prompt; it is the `cause`.
 */
export function toProviderError(provider: string, error: unknown): unknown {
  if (AstrocyteError.isInstance(error)) return error;
  const causes = causesOf(error);
  const status = causes.map(statusOf).find((found) => found !== undefined);
  if (status === 401 || status === 403) {
    return new AuthorizationError(`provider "${provider}" answered HTTP ${status}`, {
      cause: error,
    });
  }
  if (status === 408 || status === 429 || (status !== undefined && status >= 500)) {
    return new ProviderUnavailableError(provider, `HTTP ${status}`, { cause: error });
  }
  const reason =
    status === undefined
      ? causes.map(networkReason).findLast((found) => found !== undefined)
      : undefined;
  return reason === undefined
    ? error
    : new ProviderUnavailableError(provider, reason, { cause: error });
}
