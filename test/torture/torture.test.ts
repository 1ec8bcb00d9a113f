import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSqliteStore } from "astrocyte/adapters/sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCrashes } from "./crashes.js";
import { runCrowd } from "./crowd.js";
import { bankId } from "./story.js";

// In full: npm run torture -- sqlite
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-torture-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const place = (name: string): string => join(folder, `${name.replaceAll(" ", "-")}.db`);

describe("a process that is killed while it retains and forgets", () => {
  it(
    "loses nothing acknowledged, keeps nothing forgotten, and leaves no half of a memory",
    { timeout: 180_000 },
    async () => {
      const figures = await runCrashes({ subject: "sqlite", place: place("crash"), kills: 10 });
      expect(figures.problems).toEqual([]);
      expect(figures).toMatchObject({ kills: 10 });
      expect(figures.retained).toBeGreaterThanOrEqual(30);
      expect(figures.forgotten).toBeGreaterThanOrEqual(10);
    },
  );

  it.each([
    ["sqlite that deletes nothing", /was forgotten and is there/],
    ["sqlite that loses a chunk", /has 1 of \d chunks/],
  ])("is found out with a %s", { timeout: 60_000 }, async (subject, problem) => {
    const { problems } = await runCrashes({ subject, place: place(subject), kills: 1 });
    expect(problems.join("\n")).toMatch(problem);
  });
});

describe("processes that use one file at once", () => {
  it("lose nothing and see nothing of each other's banks", { timeout: 120_000 }, async () => {
    const size = { processes: 3, rounds: 25, banks: 8 };
    const figures = await runCrowd({ subject: "sqlite", place: place("crowd"), ...size });
    expect(figures.problems).toEqual([]);
    expect(figures.memories).toBe(75);
    expect([figures.retainMs.length, figures.recallMs.length]).toEqual([75, 75]);
  });

  it("are found out with a store that mixes banks", { timeout: 60_000 }, async () => {
    const subject = "sqlite that answers for another bank";
    const size = { processes: 1, rounds: 8, banks: 4 };
    const { problems } = await runCrowd({ subject, place: place(subject), ...size });
    expect(problems.join("\n")).toMatch(/bank-0-end has w0r\d/);
  });
});

/** Runs a script of this folder through bash, after some commands; what it says at the end. */
function runScript(before: string, script: string, ...args: string[]): Record<string, unknown> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const node = [process.execPath, "--import", "tsx", "--conditions=@astrocyte/source", path];
  const { stdout, stderr } = spawnSync(
    "bash",
    ["-c", `${before} exec "$@"`, "bash", ...node, ...args],
    { encoding: "utf8" },
  );
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Record<string, unknown>; // oxlint-disable-line typescript/no-unsafe-type-assertion
}

describe.skipIf(process.platform !== "linux")(
  "a disk that is full (skipped where bash limits no file sizes)",
  () => {
    it(
      "is told as such, and what was acknowledged before is there",
      { timeout: 120_000 },
      async () => {
        const file = place("full");
        // A limit on the size of files looks to a process like a disk that is full.
        const limit = "trap '' XFSZ; ulimit -f 400;";
        const told = runScript(limit, "fill-up.ts", "sqlite", file, "3000");
        const { acknowledged, code, message, recalls } = told;
        expect([code, recalls]).toEqual(["ASTROCYTE_STORAGE", true]);
        expect(message).toMatch(/disk.*free space.*SQLITE_(?:FULL|IOERR)/);
        expect(acknowledged).toBeGreaterThan(3);
        const store = await createSqliteStore({ path: file });
        expect(await store.checkIntegrity()).toEqual([]);
        const items = await store.listVectors({ bankId, limit: 10_000 });
        const numbers = new Set(items.map(({ metadata }) => metadata?.["number"]));
        expect(numbers.size).toBe(acknowledged);
        for (const number of numbers) {
          const own = items.filter(({ metadata }) => metadata?.["number"] === number);
          expect(own).toHaveLength(Number(own[0]?.metadata?.["_chunk_count"] ?? 1));
        }
        // There is room again.
        await store.storeVectors([
          { id: "more", bankId, vector: items[0]?.vector ?? [], text: "more" },
        ]);
        await store.close();
      },
    );
  },
);

describe.skipIf(process.platform === "win32")(
  "a file that may only be read (skipped on Windows, which has no modes)",
  () => {
    it("is told as such, and stays as it was", { timeout: 60_000 }, async () => {
      chmodSync(folder, 0o755);
      const sealed = join(folder, "sealed");
      mkdirSync(sealed);
      const file = join(sealed, "memory.db");
      const store = await createSqliteStore({ path: file });
      await store.storeVectors([{ id: "kept", bankId, vector: [1], text: "kept" }]);
      await store.compact();
      await store.close();
      const before = readFileSync(file);
      for (const name of readdirSync(sealed)) chmodSync(join(sealed, name), 0o444);
      chmodSync(sealed, 0o555);
      const { code, message } = runScript("", "without-permission.ts", "sqlite", file);
      chmodSync(sealed, 0o755);
      expect(code).toBe("ASTROCYTE_STORAGE");
      expect(message).toMatch(/permissions|may write to/);
      expect(readFileSync(file).equals(before)).toBe(true);
    });
  },
);
