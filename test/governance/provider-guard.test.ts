import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.js";
import { ProviderUnavailableError } from "../../src/errors.js";
import { guardPipeline } from "../../src/governance/guard-pipeline.js";
import { ProviderGuard } from "../../src/governance/provider-guard.js";
import { createEmbedder } from "../../src/pipeline/embedder.js";
import type { Pipeline } from "../../src/pipeline/pipeline.js";
import { createMockLLM } from "../../src/testing/mock-llm.js";

const callerError = Object.assign(new Error("bad request"), { status: 400 });
const outage = Object.assign(new Error("down"), { status: 503 });
const silent = { warn: () => undefined };

/** What the circuit, which opens at the first failure, says after one operation. */
async function stateAfter(
  ...outcomes: readonly (Error | "answer" | "hang")[]
): Promise<string | undefined> {
  const states: string[] = [];
  const guard = new ProviderGuard({
    clock: systemClock,
    failureThreshold: 1,
    onStateChange: (_provider, state) => void states.push(state),
  });
  const remaining = [...outcomes];
  const provider = {
    ask: (): Promise<string> => {
      const outcome = remaining.shift();
      if (outcome === "hang") return new Promise(() => undefined);
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve("answer");
    },
  };
  const operation = guard.begin(undefined);
  const wrapped = operation.wrap(provider, "p");
  for (const outcome of outcomes) {
    const call = wrapped.ask().catch(() => undefined);
    if (outcome !== "hang") await call;
  }
  operation.settle();
  return states.at(-1);
}

describe("the outcome of an operation", () => {
  it.each([
    [[callerError, outage], "open"],
    [["answer", callerError, outage], "open"],
    [[outage, "answer"], "open"],
    [["answer", outage], "open"],
    [[callerError], undefined],
    [["answer", callerError], undefined],
    [["hang"], undefined],
  ] as const)("of %j leaves the circuit %s", async (outcomes, state) => {
    expect(await stateAfter(...outcomes)).toBe(state);
  });

  it("is a success when anything was answered, also beside a mistake of the caller", async () => {
    let nowMs = 0;
    const states: string[] = [];
    const guard = new ProviderGuard({
      clock: { now: () => 0, monotonic: () => nowMs },
      failureThreshold: 1,
      onStateChange: (_provider, state) => void states.push(state),
    });
    const outcomes: (Error | undefined)[] = [outage, callerError, undefined];
    const provider = {
      ask: () => {
        const outcome = outcomes.shift();
        return outcome === undefined ? Promise.resolve() : Promise.reject(outcome);
      },
    };
    const failing = guard.begin(undefined);
    await expect(failing.wrap(provider, "p").ask()).rejects.toBe(outage);
    failing.settle();
    nowMs = 60_000;
    const trial = guard.begin(undefined);
    await expect(trial.wrap(provider, "p").ask()).rejects.toBe(callerError);
    await trial.wrap(provider, "p").ask();
    trial.settle();
    expect(states).toEqual(["open", "half_open", "closed"]);
  });

  it("does not count what the caller's own abort made fail", async () => {
    const controller = new AbortController();
    const guard = new ProviderGuard({ clock: systemClock, failureThreshold: 1 });
    const provider = {
      ask: () => {
        controller.abort();
        return Promise.reject(outage);
      },
    };
    const operation = guard.begin(controller.signal);
    await expect(operation.wrap(provider, "p").ask()).rejects.toBe(outage);
    operation.settle();
    await expect(guard.begin(undefined).wrap(provider, "p").ask()).rejects.toBe(outage);
  });
});

describe("one object for chat and embeddings", () => {
  it("has one circuit", async () => {
    const llm = createMockLLM();
    llm.embed = () => Promise.reject(outage);
    const guard = new ProviderGuard({ clock: systemClock, failureThreshold: 1 });
    const embedder = createEmbedder(llm, silent);
    const store = { name: "store" };
    const pipeline = { vectorStore: store, llm, embedder } as unknown as Pipeline;
    const first = guard.begin(undefined);
    await expect(guardPipeline(pipeline, first).embedder.embed(["a"], {})).rejects.toBe(outage);
    first.settle();
    const second = guardPipeline(pipeline, guard.begin(undefined));
    expect(() => second.llm?.complete([{ role: "user", content: "a" }])).toThrow(
      ProviderUnavailableError,
    );
  });
});

describe("a call that belongs to no operation", () => {
  it("opens the circuit by its failures, and is kept away while it is open", async () => {
    const guard = new ProviderGuard({ clock: systemClock, failureThreshold: 2 });
    let calls = 0;
    const provider = {
      ask: () => {
        calls += 1;
        return Promise.reject(outage);
      },
    };
    const ask = () => guard.call(provider, "p", undefined, (guarded) => guarded.ask());
    await expect(ask()).rejects.toBe(outage);
    await expect(ask()).rejects.toBe(outage);
    await expect(ask()).rejects.toThrow(ProviderUnavailableError);
    expect(calls).toBe(2);
  });
});
