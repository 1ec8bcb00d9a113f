import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { buildProviders } from "../../src/config/build-providers.js";
import { parseConfig } from "../../src/config/parse-config.js";
import { ConfigError } from "../../src/errors.js";
import { ProviderRegistry } from "../../src/spi/registry.js";
import { FakeClock } from "../../src/testing/fake-clock.js";
import { createInMemoryVectorStore } from "../../src/testing/in-memory-vector-store.js";

const clock = new FakeClock();
const config = parseConfig({ vector_store: "mine" }, "config");

async function failure(promise: Promise<unknown>): Promise<Error> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "ASTROCYTE_CONFIG" });
  return error as Error;
}

describe("a provider that refuses its settings", () => {
  it.each([
    [
      "at once",
      (error: Error) => () => {
        throw error;
      },
    ],
    [
      "later",
      (error: Error) => async () => {
        throw error;
      },
    ],
  ])("%s is named with the file and the key, and without its cause", async (_when, refuse) => {
    const cause = new TypeError("Invalid URL: postgres://user:hunter2@host");
    const registry = new ProviderRegistry().register(
      "vector_store",
      "mine",
      refuse(new ConfigError("mine: url is not right", { cause })),
    );
    const error = await failure(
      buildProviders(config, {}, { registry, clock, label: "here.yaml" }),
    );
    expect(error.message).toBe("here.yaml: vector_store: mine: url is not right");
    expect(inspect(error, { depth: 9 })).not.toContain("hunter2");
  });

  it("throws what is no matter of configuration as it is", async () => {
    const outage = new Error("no route");
    const registry = new ProviderRegistry().register("vector_store", "mine", () =>
      Promise.reject(outage),
    );
    await expect(buildProviders(config, {}, { registry, clock })).rejects.toBe(outage);
  });
});

describe("objects that the host passes", () => {
  const registry = new ProviderRegistry();

  it.each([
    ["vectorStore", "vectorStore (did you mean vector_store?)"],
    ["llm_provider", "llm_provider (did you mean llm?)"],
    ["embedings", "embedings (did you mean embeddings?)"],
    ["zzz", "unknown key zzz; allowed: vector_store"],
  ])("under a key that there is not, %s, are refused", async (key, part) => {
    const host = { vector_store: createInMemoryVectorStore(), [key]: {} };
    const error = await failure(buildProviders(parseConfig({}, "c"), host, { registry, clock }));
    expect(error.message).toContain(part);
  });
});
