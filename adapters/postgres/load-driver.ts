import { importPeer } from "astrocyte";

/** The driver, which is an optional peer. */
export async function loadDriver(): Promise<typeof import("pg")> {
  return await importPeer("pg", "astrocyte/adapters/postgres", () => import("pg"));
}
