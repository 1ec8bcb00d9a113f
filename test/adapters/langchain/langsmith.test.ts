import { RunnableLambda } from "@langchain/core/runnables";
import { LangChainTracer } from "@langchain/core/tracers/tracer_langchain";
import { withLangChainTracing } from "astrocyte/adapters/langchain";
import { expect, it } from "vitest";
import { createBrain } from "./support.js";

interface SentRun {
  readonly id: string;
  readonly name: string;
  readonly run_type: string;
  readonly parent_run_id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

/** In place of LangSmith's client: keeps what would be sent. */
function createKeepingClient() {
  const runs = new Map<string, SentRun>();
  return {
    runs,
    createRun: async (run: SentRun): Promise<void> => void runs.set(run.id, { ...run }),
    updateRun: async (id: string, run: Partial<SentRun>): Promise<void> => {
      const before = runs.get(id);
      if (before !== undefined) runs.set(id, { ...before, ...run });
    },
  };
}

it("gets the operations beneath the run that calls them", async () => {
  await using brain = await createBrain();
  const client = createKeepingClient();
  const tracer = new LangChainTracer({ client: client as never, projectName: "p" });
  const step = RunnableLambda.from(async (query: string, config) => {
    const traced = withLangChainTracing(brain, config);
    await traced.retain("Ana likes tea", { bankId: "b" });
    await traced.recall(query, { bankId: "b" });
    return (await traced.reflect(query, { bankId: "b" })).answer;
  });
  await step.withConfig({ runName: "step" }).invoke("What does Ana like?", { callbacks: [tracer] });
  const runs = [...client.runs.values()];
  const root = runs.find(({ name }) => name === "step");
  expect(runs).toMatchObject([
    { name: "step", run_type: "chain" },
    {
      name: "astrocyte.retain",
      run_type: "chain",
      parent_run_id: root?.id,
      inputs: { content: "Ana likes tea" },
      outputs: { stored: true },
    },
    {
      name: "astrocyte.recall",
      run_type: "retriever",
      parent_run_id: root?.id,
      inputs: { query: "What does Ana like?" },
      outputs: { documents: [{ pageContent: "Ana likes tea" }] },
    },
    {
      name: "astrocyte.reflect",
      run_type: "chain",
      parent_run_id: root?.id,
      outputs: { usage_metadata: { total_tokens: expect.any(Number) as unknown } },
    },
  ]);
});
