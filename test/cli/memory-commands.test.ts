import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCliHere, runCliProcess } from "../support/run-cli.js";

let folder = "";
let config = "";

function writeConfig(name: string, extra = ""): string {
  const path = join(folder, `${name}.yaml`);
  const store = `vector_store: sqlite\nvector_store_config: { path: ${join(folder, `${name}.db`)} }`;
  writeFileSync(path, `${store}\nembedding_provider: mock\n${extra}`);
  return path;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-cli-"));
  config = writeConfig("one");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: readonly string[], options?: { input?: string; isInteractive?: boolean }) =>
  runCliHere([args[0] ?? "", "user-1", ...args.slice(1), "--config", config], options);

const body = (text: string) => text.slice(text.indexOf("\n"));

const here = (...args: string[]) => runCliProcess(folder, [...args, "--config", config]);

describe("a memory by command", () => {
  it("is stored, found, forgotten, each by a process of its own", () => {
    const stored = here("retain", "user-1", "Ann likes green tea.", "--tag", "drinks");
    expect(stored).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^stored [0-9a-f]{16}\n$/),
    });
    const id = stored.stdout.slice(7).trim();
    expect(here("recall", "user-1", "green tea").stdout).toMatch(
      new RegExp(`^\\d\\.\\d{3}  ${id}  Ann likes green tea\\.\n$`),
    );
    expect(here("forget", "user-1", "--id", id)).toMatchObject({
      status: 0,
      stdout: "forgotten=1\n",
    });
    expect(here("recall", "user-1", "green tea")).toMatchObject({
      status: 0,
      stdout: "",
      stderr: "nothing found\n",
    });
  });

  it("can be piped in, repeated under a key, and read as JSON", async () => {
    const first = await run(["retain", "--idempotency-key", "k", "--json"], {
      input: "Bob moved to Oslo.\n",
    });
    expect(JSON.parse(first.stdout)).toMatchObject({ stored: true });
    const again = await run(["retain", "Bob moved to Oslo.\n", "--idempotency-key", "k"]);
    expect(again).toMatchObject({ status: 0, stdout: "there already\n" });
    const found = await run(["recall", "Oslo", "--json", "--max-results", "1"]);
    expect(JSON.parse(found.stdout)).toMatchObject({ hits: [{ text: "Bob moved to Oslo." }] });
    const explained = await run(["recall", "Oslo", "--explain"]);
    expect(explained.stdout).toContain("Bob moved to Oslo.");
  });

  it("that is refused says why", async () => {
    const refused = await run(["retain", "  "]);
    expect(refused).toMatchObject({
      status: 1,
      stdout: "",
      stderr: expect.stringContaining("not stored: "),
    });
  });

  it("is only for whom the configuration lets", async () => {
    config = writeConfig(
      "guarded",
      "access_control: { enabled: true }\naccess_grants: [{ bank_id: user-1, principal: 'user:ann', permissions: [write] }]\n",
    );
    expect(await run(["retain", "Hello there."])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("error: "),
    });
    expect(await run(["retain", "Hello there.", "--principal", "user:ann"])).toMatchObject({
      status: 0,
    });
  });

  it.each([
    [["forget"]],
    [["forget", "--all", "--tag", "x"]],
    [["recall", "x", "--as-of", "soon"]],
  ])("%j is an error", async (args) => {
    await run(["retain", "Stays.", "--tag", "x"]);
    expect(await run(args)).toMatchObject({ status: 1, stderr: expect.stringMatching(/^error: /) });
    expect((await run(["recall", "Stays"])).stdout).toContain("Stays.");
  });

  it("needs a configuration", () => {
    const { status, stderr } = runCliProcess(folder, ["recall", "user-1", "x"]);
    expect(stderr).toBe(
      "error: There is no astrocyte.yaml here; name the configuration with --config\n",
    );
    expect(status).toBe(1);
  });
});

describe("a bank by command", () => {
  it("moves from one file to another", async () => {
    for (const text of ["Ann likes tea.", "Bob likes coffee.", "日本語 🎉"])
      await run(["retain", text]);
    const file = join(folder, "user-1.ama.jsonl");
    const out = await run(["export", "--output", file], { isInteractive: true });
    expect(out.stderr).toContain(`\rexport [${"#".repeat(30)}] 100% of 3\nexported=3\n`);
    config = writeConfig("two");
    const taken = await run(["import", file], { isInteractive: true });
    expect(taken).toMatchObject({
      status: 0,
      stdout: "imported=3 skipped=0 errors=0 malformed=0\n",
    });
    expect(taken.stderr).toContain("100% of 3\n");
    const again = await run(["export"]);
    expect(body(again.stdout)).toBe(body(readFileSync(file, "utf8")));
    expect(again.stderr).toBe("exported=3\n");
    const piped = await run(["import", "-", "--on-conflict", "error"], { input: again.stdout });
    expect(piped).toMatchObject({
      status: 1,
      stdout: "imported=0 skipped=0 errors=3 malformed=0\n",
    });
    expect(piped.stderr).toContain("line 2: the bank has a memory of this id already\n");
  });

  it("goes through a pipe between two processes", async () => {
    await run(["retain", "Ann likes tea."]);
    const { stdout } = runCliProcess(folder, ["export", "user-1", "--config", config]);
    const target = writeConfig("two");
    const root = join(import.meta.dirname, "../..");
    const { stdout: counts } = spawnSync(
      process.execPath,
      [
        "--conditions=@astrocyte/source",
        `--import=${join(root, "node_modules/tsx/dist/loader.mjs")}`,
        join(root, "src/cli/main.ts"),
        "import",
        "user-1",
        "-",
        "--config",
        target,
      ],
      { cwd: folder, encoding: "utf8", input: stdout },
    );
    expect(counts).toBe("imported=1 skipped=0 errors=0 malformed=0\n");
  });

  it("leaves a file alone that it cannot replace by a whole one", async () => {
    await run(["retain", "Ann likes tea."]);
    const file = join(folder, "old.ama.jsonl");
    writeFileSync(file, "old");
    config = writeConfig("guarded", "access_control: { enabled: true }\n");
    expect(await run(["export", "--output", file])).toMatchObject({ status: 1 });
    expect(readFileSync(file, "utf8")).toBe("old");
    expect(readdirSync(folder).filter((name) => name.endsWith(".partial"))).toEqual([]);
    const nowhere = join(folder, "no/such/file.jsonl");
    config = writeConfig("one");
    const { stderr } = await run(["export", "--output", nowhere]);
    expect(stderr).toBe(`error: export: ${nowhere} cannot be written (ENOENT)\n`);
    expect(existsSync(nowhere)).toBe(false);
  });

  it("is not read from what is no such file", async () => {
    const file = join(folder, "x.jsonl");
    writeFileSync(file, "hello\n");
    expect(await run(["import", file])).toMatchObject({
      status: 1,
      stderr: "error: Not a valid AMA file (missing _ama_version)\n",
    });
    expect(await run(["import", join(folder, "none")])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("cannot be read"),
    });
    expect(await run(["import", file, "--on-conflict", "merge"])).toMatchObject({ status: 2 });
  });
});
