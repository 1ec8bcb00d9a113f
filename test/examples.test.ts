import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { offlineAnswer, type PlainMessage } from "../examples/langchain/offline-answer.js";
import { startOpenAIServer, type ChatReply } from "./support/openai-server.js";
import { listExamples, runExample, spawnExample } from "./support/run-example.js";

const examples = listExamples();

it("finds the examples", () => {
  expect(examples.length).toBeGreaterThan(0);
});

it("reports a failing example", { timeout: 120_000 }, async () => {
  const file = new URL("fixtures/failing-example.ts", import.meta.url);
  const { code, output } = await runExample(fileURLToPath(file));
  expect(code).toBe(1);
  expect(output).toContain("this example is wrong on purpose");
});

it.each(examples.map((file) => [basename(file), file]))(
  "%s runs and finds its own result right",
  { timeout: 120_000 },
  async (_name, file) => {
    const outcome = await runExample(file);
    expect(outcome).toEqual({ code: 0, output: outcome.output });
  },
);

/** Answers as the examples' own stand-in for a model does. */
function answerByRule(body: Record<string, unknown>): ChatReply {
  const tools = (body["tools"] ?? []) as { function: { name: string } }[];
  const { text, toolCall } = offlineAnswer(
    body["messages"] as PlainMessage[],
    tools.map((tool) => tool.function.name),
  );
  if (toolCall === undefined) return { content: text };
  return { toolCalls: [{ name: toolCall.name, arguments: JSON.stringify(toolCall.arguments) }] };
}

it.each([
  ["rag-chain.ts", 3],
  ["agent-tools.ts", 8],
])(
  "%s asks a model over the network when there is a key",
  { timeout: 120_000 },
  async (name, calls) => {
    const server = await startOpenAIServer({ answer: answerByRule });
    const folder = mkdtempSync(join(tmpdir(), "astrocyte-example-"));
    const file = fileURLToPath(new URL(`../examples/${name}`, import.meta.url));
    try {
      const environment = { OPENAI_API_KEY: "k", OPENAI_BASE_URL: server.baseURL };
      const outcome = await spawnExample(file, [], folder, environment);
      expect(outcome).toEqual({ code: 0, output: outcome.output });
      expect(server.requests).toHaveLength(calls);
      expect(server.requests[0]?.headers.authorization).toBe("Bearer k");
    } finally {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
