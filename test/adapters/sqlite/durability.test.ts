import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createSqliteStore } from "astrocyte/adapters/sqlite";
import { describe, expect, it } from "vitest";
import { findDamage, item, query, useWorkspace } from "./support.js";

const workspace = useWorkspace();
const bank = { bankId: "bank" };
const fixture = fileURLToPath(new URL("fixtures/store-in-a-loop.ts", import.meta.url));

interface Writer {
  readonly child: ChildProcess;
  readonly acknowledged: number[];
  readonly errors: string[];
}

function startWriter(file: string, prefix: string, ...rest: string[]): Writer {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "--conditions=@astrocyte/source", fixture, file, prefix, ...rest],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const acknowledged: number[] = [];
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => acknowledged.push(Number(line)));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => errors.push(chunk));
  return { child, acknowledged, errors };
}

/** Ids of a writer's first batches that must be there: all but those it deleted. */
function expectedIds(prefix: string, batches: readonly number[]): string[] {
  const acknowledged = new Set(batches);
  return batches.flatMap((batch) =>
    [0, 1, 2]
      .filter((part) => !(part === 2 && batch % 5 === 3 && acknowledged.has(batch + 1)))
      // The deletion may have happened, unacknowledged, right before the kill.
      .filter((part) => !(part === 2 && batch % 5 === 3 && batch === batches.at(-1)))
      .map((part) => `${prefix}-${batch}-${part}`),
  );
}

describe("a killed process", () => {
  it(
    "loses nothing acknowledged and leaves no half of anything",
    { timeout: 120_000 },
    async () => {
      const { file } = await workspace();
      const path = file();
      for (let round = 0; round < 6; round += 1) {
        const prefix = `w${round}`;
        const { child, acknowledged, errors } = startWriter(path, prefix);
        const exited = once(child, "close");
        const deadline = performance.now() + 15_000;
        while (acknowledged.length < 3 && performance.now() < deadline && child.exitCode === null) {
          await sleep(5);
        }
        await sleep(Math.random() * 120);
        child.kill("SIGKILL");
        await exited;
        expect(errors.join("")).toBe("");
        expect(acknowledged.length).toBeGreaterThanOrEqual(3);

        expect(await findDamage(path)).toEqual([]);
        const rows = await query(
          path,
          "SELECT id FROM astrocyte_memories WHERE embedding IS NOT NULL",
        );
        const ids = new Set(rows.map((row) => row["id"] as string));
        expect(expectedIds(prefix, acknowledged).filter((id) => !ids.has(id))).toEqual([]);
        // Batches are whole: of an unacknowledged one there is all or nothing.
        const unacknowledged = [...ids].filter((id) => {
          const [writer, batch] = id.split("-");
          return writer === prefix && !acknowledged.includes(Number(batch));
        });
        expect([0, 3]).toContain(unacknowledged.length);
      }
      const store = await createSqliteStore({ path });
      expect(
        (await store.searchFulltext("w0 number", { ...bank, limit: 5 })).length,
      ).toBeGreaterThan(0);
      await store.close();
    },
  );
});

describe("two processes on one file", () => {
  it("both get all their writes in", { timeout: 60_000 }, async () => {
    const { file, open } = await workspace();
    const writers = ["left", "right"].map((prefix) => startWriter(file(), prefix, "40"));
    await Promise.all(writers.map(({ child }) => once(child, "close")));
    expect(writers.map(({ child, errors }) => [child.exitCode, errors.join("")])).toEqual([
      [0, ""],
      [0, ""],
    ]);
    const store = await open();
    expect(await store.listVectors({ ...bank, limit: 1000 })).toHaveLength(2 * (3 * 40 - 8));
    await store.close();
    expect(await findDamage(file())).toEqual([]);
  });

  it("fail with advice, and without text, when the other holds the lock too long", async () => {
    const { file, open } = await workspace();
    const store = await open({ path: file(), busy_timeout_ms: 50 });
    const { createClient } = await import("@libsql/client");
    const other = createClient({ url: `file:${file()}` });
    const transaction = await other.transaction("write");
    const error: unknown = await store
      .storeVectors([item("a", { text: "private words" })])
      .catch((reason: unknown) => reason);
    await transaction.rollback();
    other.close();
    expect(error).toMatchObject({
      code: "ASTROCYTE_STORAGE",
      message: expect.stringMatching(/busy_timeout_ms.*SQLITE_BUSY/),
      cause: expect.anything(),
    });
    expect(String(error)).not.toContain("private");
    expect(await store.storeVectors([item("a")])).toEqual(["a"]);
  });
});
