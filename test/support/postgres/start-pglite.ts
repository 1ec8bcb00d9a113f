import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import type { TestServer } from "./server.js";

/**
 * PostgreSQL with pgvector in this process, behind a socket. It has one session, which the connections share: what one sets holds
 * for all, and the messages of two that speak at once are mixed up. So a store has one connection, and takes turns with others.
 *
 * @param dataDir - A folder that is kept; without it everything is in memory.
 */
export async function startPglite(dataDir?: string): Promise<TestServer> {
  const db = await PGlite.create({
    extensions: { vector },
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  const server = new PGLiteSocketServer({ db, port: 0, host: "127.0.0.1", maxConnections: 50 });
  await server.start();
  return {
    poolSize: 1,
    url: `postgres://postgres@${server.getServerConn()}/postgres`,
    stop: async () => {
      await server.stop();
      await db.close();
    },
  };
}
