import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startOpenAIServer } from "./support/openai-server.js";
import { spawnExample } from "./support/run-example.js";

const quickstart = join(import.meta.dirname, "../examples/quickstart.ts");
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-quickstart-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => spawnExample(quickstart, args, folder);
const database = () => join(folder, ".astrocyte/memory.db");

/** Six turns of two speakers in two sessions, in the shape of a LoCoMo file. */
function writeConversation(turns = 3): string {
  const session = (n: number) =>
    Array.from({ length: turns }, (_, m) => ({
      speaker: m % 2 === 0 ? "Ann" : "Bob",
      dia_id: `D${n}:${m + 1}`,
      text:
        m === 0
          ? `My parrot Kiwi learned ${n === 1 ? "to whistle" : "a new word"}.`
          : `Turn ${m} of day ${n}.`,
    }));
  const file = join(folder, "conversation.json");
  const sample = {
    sample_id: "conv-1",
    conversation: {
      speaker_a: "Ann",
      session_1_date_time: "1:56 pm on 8 May, 2023",
      session_1: session(1),
      session_2_date_time: "12:05 am on 9 June, 2023",
      session_2: session(2),
    },
    qa: [
      { question: "Who learned to whistle?", answer: "Kiwi", evidence: ["D1:1"], category: 4 },
      { question: "No evidence, so it is skipped", answer: "", evidence: [], category: 5 },
      {
        question: "What did the parrot learn in June?",
        answer: "a word",
        evidence: ["D2:1; D1:1"],
        category: 1,
      },
    ],
  };
  writeFileSync(file, JSON.stringify([sample]));
  return file;
}

describe("quickstart", { timeout: 120_000 }, () => {
  it("remembers in a second process what it heard in the first, and stores nothing twice", async () => {
    const first = await run("--json", "first.json");
    expect(first.output).toContain("this is the first run");
    expect(first.output).toMatch(/^retained=6 recognised=0 .*found=3$/m);
    const second = await run();
    expect(second.output).toContain("remembers from an earlier one");
    expect(second.output).toMatch(/^retained=0 recognised=6 .*found=3$/m);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(existsSync(join(folder, "first.json"))).toBe(true);
  });

  it("answers by ChatOpenAI when there is a key, with the memories delimited in the prompt", async () => {
    const server = await startOpenAIServer();
    try {
      const { code, output } = await spawnExample(quickstart, [], folder, {
        OPENAI_API_KEY: "sk-quickstart",
        OPENAI_BASE_URL: server.baseURL,
        OPENAI_MODEL: "loopback",
      });
      expect(output).toContain("answers: ChatOpenAI loopback at http");
      // The server echoes the question, so the answer really came from there.
      expect(output).toContain("Agent: When will the kitchen be inspected?");
      expect(code).toBe(0);
      expect(output).not.toContain("sk-quickstart");
      const prompt = JSON.stringify(server.lastBody);
      expect(prompt).toContain("<memories>");
      expect(prompt).toContain("The health inspection of the kitchen is on 12 March 2027.");
    } finally {
      await server.close();
    }
  });

  it("says which model did not answer, and what to do", async () => {
    const server = await startOpenAIServer();
    await server.close();
    const { code, output } = await spawnExample(quickstart, [], folder, {
      OPENAI_API_KEY: "sk-quickstart",
      OPENAI_BASE_URL: server.baseURL,
    });
    expect(output).toContain(`at ${server.baseURL} did not answer`);
    expect(output).toContain("unset the key");
    expect(output).not.toContain("sk-quickstart");
    expect(code).toBe(1);
  });

  it("ingests a conversation once, and finds its evidence", async () => {
    const args = ["--locomo", writeConversation(), "--conversation", "conv-1", "--questions", "2"];
    const first = await run(...args);
    expect(first.output).toMatch(
      /^turns=6 stored=6 recognised=0 questions=2 found=2 hit@10=1.00$/m,
    );
    expect(first.output).toContain("2023-05-08");
    expect(first.output).toContain("2023-06-09");
    expect((await run(...args)).output).toMatch(/^turns=6 stored=0 recognised=6 /m);
  });

  it.each([
    [["--locomo", "nowhere.json"], /nowhere\.json cannot be read as a LoCoMo file/],
    [["--locomo", quickstart], /quickstart\.ts cannot be read as a LoCoMo file/],
    [["--questions", "many"], /whole number[^]*usage: npm run quickstart/],
    [["--unknown"], /--unknown[^]*usage: npm run quickstart/],
  ])("answers wrong use clearly: %j", async (args, reason) => {
    const { code, output } = await run(...args);
    expect(code).toBe(1);
    expect(output).toMatch(reason);
  });

  it("names the conversations of a file that does not have the one asked for", async () => {
    const { code, output } = await run("--locomo", writeConversation(), "--conversation", "conv-9");
    expect(code).toBe(1);
    expect(output).toContain("it has conv-1");
  });

  it("leaves a readable file without half-stored memories when it is killed at any moment", async () => {
    const file = writeConversation(120);
    const args = [
      "--import",
      tsx,
      "--conditions=@astrocyte/source",
      quickstart,
      "--locomo",
      file,
      "--conversation",
      "conv-1",
    ];
    let killed = 0;
    for (const delayMs of [600, 1200, 1800, 2400, 3000, 3600]) {
      const child = spawn(process.execPath, args, { cwd: folder, stdio: "ignore" });
      const ended = new Promise<NodeJS.Signals | null>((resolve) =>
        child.once("close", (_code, signal) => resolve(signal)),
      );
      await sleep(delayMs);
      child.kill("SIGKILL");
      if ((await ended) === "SIGKILL") killed += 1;
    }
    expect(killed).toBeGreaterThan(0);
    const { code, output } = await run(...args.slice(4));
    expect(output).toMatch(/^turns=240 stored=\d+ recognised=\d+ /m);
    expect(code).toBe(0);

    const client = createClient({ url: `file:${database()}` });
    const count = async (sql: string) => Number((await client.execute(sql)).rows[0]?.[0]);
    expect((await client.execute("PRAGMA integrity_check")).rows[0]?.[0]).toBe("ok");
    const memories =
      "SELECT item_id FROM astrocyte_memories WHERE is_memory = 1 AND embedding IS NOT NULL";
    expect(await count(`SELECT count(*) FROM (${memories})`)).toBe(240);
    expect(await count("SELECT count(*) FROM astrocyte_memories")).toBe(240);
    // Every text is indexed, and every indexed text has its memory.
    await client.execute(
      "INSERT INTO astrocyte_fulltext (astrocyte_fulltext, rank) VALUES ('integrity-check', 1)",
    );
    client.close();
  });
});
