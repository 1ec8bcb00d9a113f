import { resolve } from "node:path";
import { ConfigError } from "astrocyte";
import * as z from "zod";

/** Where the database is and how it is opened. Each key may also be written in snake case, as in the YAML document. */
export interface SqliteStoreConfig {
  /**
   * A file, relative to the working directory; missing folders are created. `:memory:` keeps nothing, and a URL is
   * taken as `url`.
   *
   * @defaultValue ".astrocyte/memory.db"
   */
  readonly path?: string | undefined;
  /** `file:`, `libsql:`, `http(s):` or `ws(s):`. */
  readonly url?: string | undefined;
  readonly authToken?: string | undefined;
  readonly auth_token?: string | undefined;
  /** Fixes the length of vectors up front; otherwise the first vector decides. */
  readonly dimension?: number | undefined;
  /** How long a call waits for another process's write. @defaultValue 5000 */
  readonly busyTimeoutMs?: number | undefined;
  readonly busy_timeout_ms?: number | undefined;
  /**
   * Bytes of memory for the vectors of the banks that are searched again and again, all banks together; the bank that was searched
   * longest ago goes first. A bank that does not fit is searched in SQL, as everything is with 0.
   *
   * @defaultValue 268435456
   */
  readonly vectorMemoryBytes?: number | undefined;
  readonly vector_memory_bytes?: number | undefined;
}

/** A checked configuration. `file` is absent for memory and remote databases. */
export interface DatabaseTarget {
  /** What the client opens. */
  readonly url: string;
  /** What people may see: an absolute path, `:memory:`, or a URL without credentials. */
  readonly location: string;
  readonly file: string | undefined;
  readonly remote: boolean;
  readonly authToken: string | undefined;
  readonly dimension: number | undefined;
  readonly busyTimeoutMs: number;
  readonly vectorMemoryBytes: number;
}

const text = z.string().min(1).nullish();
// Values that came through an environment variable are text.
const count = z
  .union([z.int().positive(), z.string().regex(/^[1-9]\d{0,8}$/, "not a positive integer")])
  .transform(Number)
  .nullish();

const bytes = z
  .union([z.int().nonnegative(), z.string().regex(/^\d{1,15}$/, "not a number of bytes")])
  .transform(Number)
  .nullish();

const fields = {
  path: text,
  url: text,
  authToken: text,
  auth_token: text,
  dimension: count,
  busyTimeoutMs: count,
  busy_timeout_ms: count,
  vectorMemoryBytes: bytes,
  vector_memory_bytes: bytes,
};
const configSchema = z.object(fields);

const urlForm = /^(?:file|libsql|https?|wss?):/i;
const fileUrlForm = /^file:(?:\/\/(?:localhost)?(?=\/))?([^?#]*)$/i;

function fileUrl(path: string): string {
  const encoded = path
    .replaceAll("\\", process.platform === "win32" ? "/" : "\\")
    .split("/")
    .map((segment) => encodeURIComponent(segment).replaceAll("%3A", ":"))
    .join("/");
  return `file:${encoded}`;
}

function withoutCredentials(url: string): string {
  const visible = new URL(url);
  visible.username = "";
  visible.password = "";
  visible.search = "";
  visible.hash = "";
  return visible.href;
}

function locate(address: string): Pick<DatabaseTarget, "url" | "location" | "file" | "remote"> {
  // As a file it would be a folder whose name may hold a password.
  if (/^[a-z][\d+.a-z-]+:\/\//i.test(address) && !urlForm.test(address)) {
    throw new ConfigError("sqlite store: a URL begins with file:, libsql:, http(s): or ws(s):");
  }
  if (urlForm.test(address) && !address.toLowerCase().startsWith("file:")) {
    if (!URL.canParse(address)) throw new ConfigError("sqlite store: url is not a valid URL");
    return {
      url: address,
      location: withoutCredentials(address),
      file: undefined,
      remote: true,
    };
  }
  let path = address;
  if (urlForm.test(address)) {
    const encoded = fileUrlForm.exec(address)?.[1];
    if (!encoded || encoded.startsWith("//")) {
      throw new ConfigError(
        "sqlite store: a file: URL has no host and no parameters; write file:/absolute/path or file:relative/path",
      );
    }
    try {
      path = decodeURIComponent(encoded);
    } catch (error) {
      throw new ConfigError("sqlite store: the file: URL is not well percent-encoded", {
        cause: error,
      });
    }
  }
  if (path === ":memory:") return { url: path, location: path, file: undefined, remote: false };
  if (path.includes("\0")) throw new ConfigError("sqlite store: path holds a NUL character");
  const file = resolve(path);
  return { url: fileUrl(file), location: file, file, remote: false };
}

/**
 * Checks a configuration whose value types nobody vouches for.
 *
 * @throws ConfigError for unknown keys, wrong types, or both a path and a URL. No value appears in the message.
 */
export function resolveTarget(config: SqliteStoreConfig): DatabaseTarget {
  const unknown = Object.keys(config).filter((key) => !Object.hasOwn(fields, key));
  if (unknown.length > 0) {
    throw new ConfigError(
      `sqlite store: unknown key ${unknown.join(", ")}; allowed: path, url, auth_token, dimension, busy_timeout_ms, vector_memory_bytes`,
    );
  }
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.map(String).join(".")}: ${issue.message}`,
    );
    throw new ConfigError(`sqlite store: ${problems.join("; ")}`, { cause: parsed.error });
  }
  const { path, url, dimension, ...rest } = parsed.data;
  if (path && url) throw new ConfigError("sqlite store: give path or url, not both");
  return {
    ...locate(url ?? path ?? ".astrocyte/memory.db"),
    authToken: rest.authToken ?? rest.auth_token ?? undefined,
    dimension: dimension ?? undefined,
    busyTimeoutMs: rest.busyTimeoutMs ?? rest.busy_timeout_ms ?? 5000,
    vectorMemoryBytes: rest.vectorMemoryBytes ?? rest.vector_memory_bytes ?? 2 ** 28,
  };
}
