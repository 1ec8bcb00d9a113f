import { importPeer } from "astrocyte";
import type * as Driver from "pg";

/** The driver, which is an optional peer. */
export async function loadDriver(): Promise<typeof Driver> {
  return await importPeer("pg", "astrocyte/adapters/postgres", () => import("pg"));
}
