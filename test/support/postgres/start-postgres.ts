import { execFile, spawn } from "node:child_process";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import type { TestServer } from "./server.js";

const run = promisify(execFile);
const debianRoot = "/usr/lib/postgresql";

/** The folder with `initdb` and `postgres`, the newest release first; undefined when PostgreSQL is not installed. */
export async function findPostgres(): Promise<string | undefined> {
  const releases = await readdir(debianRoot).catch(() => []);
  const folders = [
    ...releases
      .toSorted((a, b) => Number(b) - Number(a))
      .map((name) => join(debianRoot, name, "bin")),
    ...(process.env["PATH"] ?? "").split(delimiter),
  ];
  return folders.find((folder) =>
    ["initdb", "postgres"].every((program) => existsSync(join(folder, program))),
  );
}

/** Who runs the server: the one who runs the tests, unless that is root, whom PostgreSQL refuses. */
async function serverUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    try {
      const [uid, gid] = await Promise.all(
        ["-u", "-g"].map(async (flag) => Number((await run("id", [flag, name])).stdout)),
      );
      if (uid && gid) return { uid, gid };
    } catch {
      // No such user: the next one.
    }
  }
  throw new Error("PostgreSQL does not run as root, and there is no user postgres or nobody");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  if (typeof address !== "object" || address === null) throw new Error("no port is free");
  return address.port;
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

export interface RealServer extends TestServer {
  /** Where it keeps its files. */
  readonly folder: string;
}

/**
 * A real server in a folder of its own, which goes when it stops. It does not wait for the disk.
 *
 * @param programs - As {@link findPostgres} found them.
 */
export async function startPostgres(
  programs: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<RealServer> {
  const user = await serverUser();
  const folder = await mkdtemp(join(tmpdir(), "astrocyte-postgres-"));
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const as = { cwd: folder, ...user };
  await run(
    join(programs, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
    as,
  );
  const port = await freePort();
  const all = { fsync: "off", listen_addresses: "127.0.0.1", max_connections: "60", ...settings };
  const server = spawn(
    join(programs, "postgres"),
    [
      "-D",
      data,
      "-p",
      String(port),
      "-k",
      folder,
      ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    { ...as, stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  server.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    said = (said + chunk).slice(-4000);
  });
  const ended = new Promise<void>((resolve) => {
    server.once("close", () => resolve());
  });
  const stop = async (): Promise<void> => {
    server.kill("SIGINT");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  for (let tries = 0; !(await answers(url)); tries += 1) {
    if (server.exitCode !== null || tries === 300) {
      await stop();
      throw new Error(`PostgreSQL did not start: ${said}`);
    }
    await sleep(50);
  }
  return { url, poolSize: 10, folder: data, stop };
}
