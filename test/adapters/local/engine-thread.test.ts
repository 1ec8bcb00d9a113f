import { expect, it } from "vitest";
import { EngineThread } from "../../../adapters/local/engine-thread.js";

/** An engine module that knows a few commands. */
const engineUrl = `data:text/javascript,${encodeURIComponent(`
  let running = 0;
  let most = 0;
  export async function createEmbedder() {
    return {
      async embed(texts) {
        if (texts[0] === "fail") throw new Error("no such luck");
        if (texts[0] === "die") process.exit(3);
        if (texts[0] === "most") return most;
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, texts[0] === "slow" ? 300 : 20));
        running -= 1;
        return texts.length;
      },
    };
  }
`)}`;

const start = (url = engineUrl): EngineThread =>
  new EngineThread("local", { engineUrl: url, model: {} });

it("runs one bulk job at a time, and interactive ones beside it", async () => {
  const engine = start();
  const order: string[] = [];
  const run = async (name: string, lane: "bulk" | "interactive", text = "quick"): Promise<void> => {
    await engine.embed([text], { lane });
    order.push(name);
  };
  await Promise.all([
    run("bulk 1", "bulk", "slow"),
    run("bulk 2", "bulk"),
    run("bulk 3", "bulk"),
    run("query", "interactive"),
  ]);
  expect(order).toEqual(["query", "bulk 1", "bulk 2", "bulk 3"]);
  expect(await engine.embed(["most"], { lane: "interactive" })).toBe(2);
  await engine.close();
});

it("rejects an aborted job at once, waiting or sent", async () => {
  const engine = start();
  const controller = new AbortController();
  const options = { lane: "bulk", signal: controller.signal } as const;
  const jobs = [engine.embed(["slow"], options), engine.embed(["never sent"], options)];
  const settled = Promise.allSettled(jobs);
  controller.abort("stop");
  expect(await settled).toEqual([
    { status: "rejected", reason: "stop" },
    { status: "rejected", reason: "stop" },
  ]);
  expect(await engine.embed(["a", "b"], { lane: "bulk" })).toBe(2);
  expect(await engine.embed(["most"], { lane: "bulk" })).toBe(1);
  await engine.close();
});

it("reports a failing job, and goes on", async () => {
  const engine = start();
  await expect(engine.embed(["fail"], { lane: "bulk" })).rejects.toMatchObject({
    code: "ASTROCYTE_PROVIDER_UNAVAILABLE",
    provider: "local",
    reason: expect.stringContaining("no such luck"),
  });
  expect(await engine.embed(["a"], { lane: "bulk" })).toBe(1);
  await engine.close();
});

it("starts anew after its thread died", async () => {
  const engine = start();
  const lost = Promise.allSettled([
    engine.embed(["die"], { lane: "interactive" }),
    engine.embed(["slow"], { lane: "bulk" }),
    engine.embed(["waiting"], { lane: "bulk" }),
  ]);
  for (const outcome of await lost) {
    expect(outcome).toMatchObject({
      status: "rejected",
      reason: { code: "ASTROCYTE_PROVIDER_UNAVAILABLE" },
    });
  }
  expect(await engine.embed(["a"], { lane: "bulk" })).toBe(1);
  await engine.close();
});

it("reports an engine that cannot be loaded", async () => {
  const engine = start("data:text/javascript,export const nothing = 1;");
  await expect(engine.embed(["a"], { lane: "bulk" })).rejects.toMatchObject({
    code: "ASTROCYTE_PROVIDER_UNAVAILABLE",
    cause: expect.any(Error),
  });
  await engine.close();
});
