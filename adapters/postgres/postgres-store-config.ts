import { ConfigError } from "astrocyte";
import * as z from "zod";
import { loadDriver } from "./load-driver.js";

/** Where the database is and how it is used. Each key may also be written in snake case, as in the YAML document. */
export interface PostgresStoreConfig {
  /** `postgres://user:password@host:port/database`, with the parameters that `pg` takes, such as `sslmode`. */
  readonly url?: string | undefined;
  /** The same as `url`, as the Python package calls it. */
  readonly dsn?: string | undefined;
  /** A host name, an address, or the folder of a Unix socket; for what has no `url`. */
  readonly host?: string | undefined;
  /** @defaultValue 5432 */
  readonly port?: number | undefined;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** TLS with a certificate that is checked. */
  readonly ssl?: boolean | undefined;
  /**
   * The schema of all tables, made when it is not there: a letter or `_`, then letters, digits and `_`, at most 63.
   *
   * @defaultValue "astrocyte"
   */
  readonly schema?: string | undefined;
  /** Fixes the length of vectors up front; otherwise the first vector decides. Needed by `hnsw` in a new schema. */
  readonly dimension?: number | undefined;
  /**
   * `exact` compares the query with every memory of the bank that passes the filters. `hnsw` asks an approximate index over all
   * banks, which is made when the store is opened, and needs pgvector 0.8 or later.
   *
   * @defaultValue "exact"
   */
  readonly search?: "exact" | "hnsw" | undefined;
  /**
   * Has the database itself show a transaction the rows of one bank only. The role must not be a superuser, nor bypass row-level
   * security. It is never switched off again by the store.
   *
   * @defaultValue false
   */
  readonly rowLevelSecurity?: boolean | undefined;
  readonly row_level_security?: boolean | undefined;
  /** Most connections at once. @defaultValue 10 */
  readonly poolSize?: number | undefined;
  readonly pool_size?: number | undefined;
  /** How long one statement may take. @defaultValue 30000 */
  readonly statementTimeoutMs?: number | undefined;
  readonly statement_timeout_ms?: number | undefined;
  /** How long a call waits for a connection. @defaultValue 10000 */
  readonly connectTimeoutMs?: number | undefined;
  readonly connect_timeout_ms?: number | undefined;
}

/** A checked configuration. */
export interface DatabaseTarget {
  /** What the driver is given. */
  readonly connection: {
    readonly connectionString?: string;
    readonly host?: string;
    readonly port?: number;
    readonly database?: string;
    readonly user?: string;
    readonly password?: string;
    readonly ssl?: boolean;
  };
  /** What people may see: host, port, database and schema. */
  readonly location: string;
  /** As SQL names it. */
  readonly schema: string;
  readonly dimension: number | undefined;
  readonly search: "exact" | "hnsw";
  readonly rowLevelSecurity: boolean;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

const text = z.string().min(1).nullish();
// Values that came through an environment variable are text.
const count = (most: number) =>
  z
    .union([z.int().positive(), z.string().regex(/^[1-9]\d{0,8}$/, "not a positive integer")])
    .transform(Number)
    .refine((value) => value <= most, `at most ${most}`)
    .nullish();
const flag = z
  .union([z.boolean(), z.enum(["true", "false"]).transform((word) => word === "true")])
  .nullish();
const duration = count(2 ** 31 - 1);

const fields = {
  url: text,
  dsn: text,
  host: text,
  port: count(65_535),
  database: text,
  user: text,
  password: z.string().nullish(),
  ssl: flag,
  schema: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, "a letter or _, then letters, digits and _, at most 63")
    .refine((name) => !/^pg_/i.test(name), "names that begin with pg_ are the server's own")
    .nullish(),
  dimension: count(16_000),
  search: z.enum(["exact", "hnsw"]).nullish(),
  rowLevelSecurity: flag,
  row_level_security: flag,
  poolSize: count(10_000),
  pool_size: count(10_000),
  statementTimeoutMs: duration,
  statement_timeout_ms: duration,
  connectTimeoutMs: duration,
  connect_timeout_ms: duration,
};
const configSchema = z.object(fields);
type Settings = z.output<typeof configSchema>;

const urlForm = /^postgres(?:ql)?:\/\//i;

function fromUrl(url: string): Pick<DatabaseTarget, "connection" | "location"> {
  if (!urlForm.test(url)) {
    throw new ConfigError("postgres store: url begins with postgres:// or postgresql://");
  }
  if (!URL.canParse(url)) {
    throw new ConfigError(
      "postgres store: url is not a valid URL; a password with / ? # @ or : in it must be percent-encoded",
    );
  }
  const { hostname, port, pathname } = new URL(url);
  return {
    connection: { connectionString: url },
    location: `postgres://${hostname}${port === "" ? "" : `:${port}`}${pathname}`,
  };
}

function fromParts(
  settings: Settings & { host: string },
): Pick<DatabaseTarget, "connection" | "location"> {
  const { host, port, database, user, password, ssl } = settings;
  const connection = {
    host,
    ...(port ? { port } : {}),
    ...(database ? { database } : {}),
    ...(user ? { user } : {}),
    ...(typeof password === "string" ? { password } : {}),
    ...(typeof ssl === "boolean" ? { ssl } : {}),
  };
  return { connection, location: `postgres://${host}:${port ?? 5432}/${database ?? ""}` };
}

function locate(settings: Settings): Pick<DatabaseTarget, "connection" | "location"> {
  const { host, port, database, user, password, ssl } = settings;
  if (settings.url && settings.dsn) {
    throw new ConfigError("postgres store: give url or dsn, not both");
  }
  const url = settings.url ?? settings.dsn;
  if (url) {
    const parts = Object.entries({ host, port, database, user, password, ssl });
    const also = parts.filter(([, value]) => value !== undefined && value !== null);
    if (also.length === 0) return fromUrl(url);
    throw new ConfigError(
      `postgres store: give url, or ${also.map(([key]) => key).join(", ")}, not both`,
    );
  }
  if (!host) {
    throw new ConfigError(
      "postgres store: it is not said where the database is; give url (postgres://user:password@host/database) or host",
    );
  }
  return fromParts({ ...settings, host });
}

/**
 * Checks a configuration whose value types nobody vouches for.
 *
 * @throws ConfigError for unknown keys, wrong types, or no place. No value appears in the message.
 */
export function resolveTarget(config: PostgresStoreConfig): DatabaseTarget {
  const unknown = Object.keys(config).filter((key) => !Object.hasOwn(fields, key));
  if (unknown.length > 0) {
    const allowed = Object.keys(fields).filter((key) => !/[A-Z]/.test(key));
    throw new ConfigError(
      `postgres store: unknown key ${unknown.join(", ")}; allowed: ${allowed.join(", ")}`,
    );
  }
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.map(String).join(".")}: ${issue.message}`,
    );
    throw new ConfigError(`postgres store: ${problems.join("; ")}`);
  }
  const settings = parsed.data;
  const schema = settings.schema ?? "astrocyte";
  const { connection, location } = locate(settings);
  return {
    connection,
    location: `${location} (schema ${schema})`,
    schema: `"${schema}"`,
    dimension: settings.dimension ?? undefined,
    search: settings.search ?? "exact",
    rowLevelSecurity: settings.rowLevelSecurity ?? settings.row_level_security ?? false,
    poolSize: settings.poolSize ?? settings.pool_size ?? 10,
    statementTimeoutMs: settings.statementTimeoutMs ?? settings.statement_timeout_ms ?? 30_000,
    connectTimeoutMs: settings.connectTimeoutMs ?? settings.connect_timeout_ms ?? 10_000,
  };
}

/**
 * Finds out what is wrong with a configuration without connecting.
 *
 * @returns Where the store would be, without credentials.
 * @throws ConfigError as `createPostgresStore` would; MissingPeerError when `pg` is not installed.
 */
export async function checkPostgresConfig(
  config: PostgresStoreConfig = {},
): Promise<{ readonly location: string }> {
  const { location } = resolveTarget(config);
  await loadDriver();
  return { location };
}
