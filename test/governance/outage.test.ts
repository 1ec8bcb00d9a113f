import { ProviderUnavailableError } from "astrocyte";
import { describe, expect, it } from "vitest";
import { createMockLLM } from "../../src/testing/mock-llm.js";
import { createBrain } from "../astrocyte/brain.js";

const bankId = "b";
const degraded = { stored: false, error: "Provider unavailable (degraded mode)" };
const breaker = { failure_threshold: 2, half_open_max_calls: 1, recovery_timeout_seconds: 300 };

const boom = () => Promise.reject(new Error("boom"));
const outage = () => Promise.reject(new ProviderUnavailableError("hashed", "connection refused"));

function brainWithBreaker(parts: Parameters<typeof createBrain>[0] = {}) {
  return createBrain({ config: { escalation: { circuit_breaker: breaker } }, ...parts });
}

describe("a provider that fails", () => {
  it("is left alone after its failures, and asked again after a while", async () => {
    const { brain, vectorStore, clock, warnings } = brainWithBreaker();
    const events: string[] = [];
    brain.registerHook(
      "on_circuit_breaker_open",
      ({ data }) => void events.push(`open ${data["provider"]}`),
    );
    brain.registerHook("on_circuit_breaker_close", () => void events.push("close"));
    const { storeVectors } = vectorStore;
    let calls = 0;
    vectorStore.storeVectors = () => {
      calls += 1;
      return Promise.reject(new Error("boom"));
    };
    await expect(brain.retain("one", { bankId })).rejects.toThrow("boom");
    await expect(brain.retain("two", { bankId })).rejects.toThrow("boom");
    expect(await brain.retain("three", { bankId })).toMatchObject(degraded);
    expect(calls).toBe(2);
    expect(warnings).toEqual(["astrocyte.retain.degraded"]);
    clock.advance(300_000);
    await expect(brain.retain("four", { bankId })).rejects.toThrow("boom");
    expect(await brain.retain("five", { bankId })).toMatchObject(degraded);
    vectorStore.storeVectors = storeVectors;
    clock.advance(300_000);
    expect(await brain.retain("six", { bankId })).toMatchObject({ stored: true });
    expect(events).toEqual([`open ${vectorStore.name}`, `open ${vectorStore.name}`, "close"]);
  });

  it("counts once for an operation, however often it was called", async () => {
    const { brain, vectorStore } = brainWithBreaker({
      documentStore: undefined,
      pipeline: { preset: "reference" },
    });
    await brain.retain("one", { bankId });
    vectorStore.searchSimilar = boom;
    vectorStore.listRecentVectors = boom;
    // Two strategies ask the store; if both counted, the circuit would open at once.
    await expect(brain.recall("one", { bankId })).rejects.toThrow("boom");
    await expect(brain.recall("one", { bankId })).rejects.toThrow("boom");
    expect(await brain.recall("one", { bankId })).toMatchObject({ hits: [] });
  });

  it("does not take the others with it", async () => {
    const { brain, documentStore } = brainWithBreaker();
    documentStore.searchFulltext = () => Promise.reject(new Error("index gone"));
    await brain.retain("dark mode", { bankId });
    for (let round = 0; round < 4; round += 1) {
      expect((await brain.recall("dark mode", { bankId })).hits).toHaveLength(1);
    }
  });

  it("is not blamed for mistakes and aborts of the caller", async () => {
    const { brain, embeddings } = brainWithBreaker();
    await brain.retain("one", { bankId });
    for (let round = 0; round < 4; round += 1) {
      embeddings.embed = () => Promise.resolve([[1, 2, 3]]);
      await expect(brain.recall("one", { bankId })).rejects.toMatchObject({
        code: "ASTROCYTE_DIMENSION_MISMATCH",
      });
      const controller = new AbortController();
      embeddings.embed = () => {
        controller.abort();
        return Promise.reject(new Error("the socket was closed"));
      };
      await expect(brain.recall("one", { bankId, signal: controller.signal })).rejects.toThrow(
        "aborted",
      );
    }
    embeddings.embed = () => Promise.reject(new Error("still asked"));
    await expect(brain.recall("one", { bankId })).rejects.toThrow("still asked");
  });

  it("never wedges, though its trial calls hang and are given up", async () => {
    const { brain, embeddings, clock } = brainWithBreaker();
    const embed = embeddings.embed.bind(embeddings);
    embeddings.embed = () => Promise.reject(new Error("down"));
    for (let round = 0; round < 2; round += 1) {
      await expect(brain.recall("x", { bankId })).rejects.toThrow("down");
    }
    clock.advance(300_000);
    embeddings.embed = () => new Promise(() => undefined);
    void brain.recall("hangs for ever", { bankId });
    await Promise.resolve();
    expect(await brain.recall("x", { bankId })).toMatchObject({ hits: [] });
    clock.advance(300_000);
    embeddings.embed = embed;
    await brain.retain("back again", { bankId });
    expect((await brain.recall("back again", { bankId })).hits).toHaveLength(1);
  });

  it("does not stand in the way of forgetting and of health", async () => {
    const { brain, vectorStore } = brainWithBreaker();
    await brain.retain("one", { bankId });
    vectorStore.storeVectors = () => Promise.reject(new Error("boom"));
    for (const content of ["two", "three"]) {
      await expect(brain.retain(content, { bankId })).rejects.toThrow("boom");
    }
    expect(await brain.retain("four", { bankId })).toMatchObject(degraded);
    expect(await brain.health()).toMatchObject({ healthy: true });
    expect(await brain.forget({ bankId, scope: "all" })).toMatchObject({ deletedCount: 1 });
  });
});

describe("degraded mode", () => {
  it("answers with nothing by default", async () => {
    const { brain, embeddings } = createBrain({ llm: createMockLLM() });
    embeddings.embed = outage;
    expect(await brain.retain("one", { bankId })).toMatchObject(degraded);
    expect(await brain.recall("one", { bankId })).toEqual({
      hits: [],
      totalAvailable: 0,
      truncated: false,
      topSemanticScore: 0,
    });
    expect(await brain.reflect("one", { bankId })).toEqual({
      answer: "Memory unavailable",
      sources: [],
    });
    await expect(brain.forget({ bankId, scope: "all" })).resolves.toMatchObject({
      deletedCount: 0,
    });
  });

  it("fails when told so, and keeps the reason as the cause", async () => {
    const { brain, embeddings } = createBrain({
      llm: createMockLLM(),
      config: { escalation: { degraded_mode: "error" } },
    });
    embeddings.embed = outage;
    const failure = {
      code: "ASTROCYTE_PROVIDER_UNAVAILABLE",
      reason: "degraded mode: error",
      cause: { reason: "connection refused" },
    };
    await expect(brain.retain("one", { bankId })).rejects.toMatchObject(failure);
    await expect(brain.recall("one", { bankId })).rejects.toMatchObject(failure);
    await expect(brain.reflect("one", { bankId })).rejects.toMatchObject(failure);
  });

  it("gives the quota back", async () => {
    const { brain, embeddings } = createBrain({
      config: { homeostasis: { quotas: { retain_per_day: 1 } } },
    });
    const embed = embeddings.embed.bind(embeddings);
    embeddings.embed = outage;
    expect(await brain.retain("one", { bankId })).toMatchObject(degraded);
    embeddings.embed = embed;
    expect(await brain.retain("one", { bankId })).toMatchObject({ stored: true });
  });
});
