import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPostgresStore } from "astrocyte/adapters/postgres";
import { Client } from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { item, noRealServer, startReal } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "astrocyte-full-"));

/** A file system of 16 MB, which takes root and a system that lets it mount. */
function mountSmall(): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const canRun = noRealServer === undefined && mountSmall();
afterAll(() => {
  if (canRun) execFileSync("umount", ["-l", folder]);
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!canRun)(
  "a full disk of the server (skipped where PostgreSQL is not installed, or no file system can be mounted)",
  () => {
    it("is told, with nothing half written, and is got over once there is room", async () => {
      const server = await startReal();
      const { uid, gid } = statSync(server.folder);
      chownSync(folder, uid, gid);
      const admin = new Client({ connectionString: server.url });
      await admin.connect();
      await admin.query(`CREATE TABLESPACE small LOCATION '${folder}'`);
      await admin.query("ALTER ROLE postgres SET default_tablespace = small");
      const store = await createPostgresStore({ url: server.url });
      const bank = { bankId: "bank" };
      const text = Array.from({ length: 3000 }, (_, index) => `word${index * 7919}`).join(" ");
      const batch = (n: number) =>
        Array.from({ length: 10 }, (_, part) => item(`m${n}-${part}`, { vector: [], text }));
      let error: unknown;
      let batches = 0;
      for (; batches < 100 && error === undefined; batches += 1) {
        error = await store.storeVectors(batch(batches)).then(
          () => undefined,
          (reason: unknown) => reason,
        );
      }
      expect(error).toMatchObject({
        code: "ASTROCYTE_STORAGE",
        message: expect.stringMatching(/disk is full.*53100/),
      });
      const stored = 10 * (batches - 1);
      expect(stored).toBeGreaterThan(0);
      expect(await store.listVectors({ ...bank, limit: 1000 })).toHaveLength(stored);
      expect(await store.searchFulltext("word7919", { ...bank, limit: 1000 })).toHaveLength(stored);

      execFileSync("mount", ["-o", "remount,size=64m", folder]);
      await store.storeVectors(batch(batches - 1));
      expect(await store.searchFulltext("word7919", { ...bank, limit: 1000 })).toHaveLength(
        stored + 10,
      );
      await store.close();
      await admin.end();
      await server.stop();
    });
  },
);
