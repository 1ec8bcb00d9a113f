import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startOpenAIServer, type OpenAIServer } from "./support/openai-server.js";
import { spawnExample } from "./support/run-example.js";

let folder = "";
let server: OpenAIServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-langgraph-"));
  server = await startOpenAIServer();
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An example checks itself: two threads in the first run, and a new process in the second. */
async function runTwice(name: string, environment: NodeJS.ProcessEnv = {}): Promise<void> {
  const file = join(import.meta.dirname, `../examples/langgraph-${name}.ts`);
  const first = await spawnExample(file, [], folder, environment);
  expect(first).toMatchObject({ code: 0, output: expect.stringContaining("first run") });
  const second = await spawnExample(file, [], folder, environment);
  const remembered: unknown = expect.stringMatching(/remembered \d+ from an earlier process/);
  expect(second).toMatchObject({ code: 0, output: remembered });
}

const stories = [
  { name: "agent", replies: ["Noted.", "To peanuts.", "To peanuts."] },
  { name: "nodes", replies: ["Noted.", "On Thursday.", "On Thursday."] },
  { name: "team", replies: ["Noted.", "From Tiago.", "Noted.", "From Tiago.", "Noted."] },
  { name: "review", replies: ["Noted."] },
];

describe.each(stories)("the example langgraph-$name", ({ name, replies }) => {
  it("runs without a model, in two processes", async () => {
    await runTwice(name);
    expect(server.requests).toEqual([]);
  });

  it("runs with ChatOpenAI over a server, streaming, in two processes", async () => {
    server.reply(...replies);
    await runTwice(name, { OPENAI_API_KEY: "test", OPENAI_BASE_URL: server.baseURL });
    expect(server.requests).toHaveLength(replies.length);
    for (const { path, body } of server.requests) {
      expect(path).toBe("/v1/chat/completions");
      expect(body["stream"]).toBe(true);
    }
    const told = server.requests.map(({ body }) => JSON.stringify(body["messages"]));
    expect(told.some((messages) => messages.includes("<memories>"))).toBe(replies.length > 1);
  });
});
