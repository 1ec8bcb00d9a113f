import { inspect } from "node:util";
import { Astrocyte, assertProvider } from "astrocyte";
import { createOpenAIProvider } from "astrocyte/adapters/langchain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startOpenAIServer, type OpenAIServer } from "../../support/openai-server.js";

let server: OpenAIServer;

beforeEach(async () => {
  server = await startOpenAIServer();
});
afterEach(() => server.close());

const settings = () => ({ api_key: "sk-test", base_url: server.baseURL });

describe("createOpenAIProvider", () => {
  it("answers and embeds with the models that are named", async () => {
    const provider = await createOpenAIProvider({
      ...settings(),
      model: "gpt-4.1-mini",
      embedding_model: "text-embedding-3-large",
    });
    assertProvider(provider, "LLMProvider", "openai");
    server.reply("forty-two");
    const { text, model } = await provider.complete([{ role: "user", content: "6 x 7" }]);
    expect([text, model, provider.name]).toEqual(["forty-two", "gpt-4.1-mini", "openai"]);
    expect(server.lastBody?.["model"]).toBe("gpt-4.1-mini");
    expect(server.requests[0]?.headers.authorization).toBe("Bearer sk-test");
    expect(await provider.embed(["a", "b"])).toHaveLength(2);
    expect(server.lastBody?.["model"]).toBe("text-embedding-3-large");
  });

  it("has models of its own where none are named", async () => {
    const provider = await createOpenAIProvider(settings());
    await provider.complete([{ role: "user", content: "hello" }]);
    expect(server.lastBody?.["model"]).toBe("gpt-4o-mini");
    await provider.embed(["a"]);
    expect(server.lastBody?.["model"]).toBe("text-embedding-3-small");
  });

  it("tries an outage again", async () => {
    const provider = await createOpenAIProvider(settings());
    server.fail({ status: 503 });
    server.reply("at last");
    const { text } = await provider.complete([{ role: "user", content: "hello" }]);
    expect(text).toBe("at last");
  });

  it("sends a server without keys none of the environment's", async () => {
    process.env["OPENAI_API_KEY"] = "sk-environment";
    try {
      const provider = await createOpenAIProvider({ base_url: server.baseURL });
      await provider.complete([{ role: "user", content: "hello" }]);
      expect(server.requests[0]?.headers.authorization).toBe("Bearer none");
    } finally {
      delete process.env["OPENAI_API_KEY"];
    }
  });

  it.each([
    ["no key", {}, "api_key: is missing"],
    ["an address that is none", { api_key: "sk-verysecret", base_url: "localhost" }, "base_url"],
    ["a key that it does not know", { api_key: "sk-verysecret", modle: "x" }, "modle"],
    ["a key that is no text", { api_key: 5 }, "api_key"],
  ])("refuses %s", async (_title, config, reason) => {
    const error: unknown = await createOpenAIProvider(config as never).catch((e: unknown) => e);
    expect(error).toMatchObject({
      code: "ASTROCYTE_CONFIG",
      message: expect.stringContaining(reason),
    });
    expect(inspect(error, { depth: 9 })).not.toContain("verysecret");
  });
});

const document = () => ({
  vector_store: "in_memory",
  llm_provider: "openai",
  llm_provider_config: { base_url: server.baseURL, model: "m", embedding_model: "e" },
});

describe("openai in a configuration", () => {
  it("remembers and answers, with the key of the environment", async () => {
    const environment = { OPENAI_API_KEY: "sk-environment" };
    const brain = await Astrocyte.fromConfig(document(), { environment });
    await brain.retain("Calvin prefers dark mode", { bankId: "b" });
    const { hits } = await brain.recall("dark mode", { bankId: "b" });
    expect(hits[0]?.text).toBe("Calvin prefers dark mode");
    server.reply("He prefers dark mode.");
    const { answer } = await brain.reflect("What does Calvin prefer?", { bankId: "b" });
    expect(answer).toBe("He prefers dark mode.");
    expect(new Set(server.requests.map(({ headers }) => headers.authorization))).toEqual(
      new Set(["Bearer sk-environment"]),
    );
    expect(server.requests.map(({ body }) => body["model"])).toContain("e");
    await brain.close();
  });

  it("embeds with the model's settings when it is named twice, and with its own when it has some", async () => {
    const own = { api_key: "sk-own", base_url: server.baseURL, embedding_model: "other" };
    for (const [config, expected] of [
      [undefined, "e"],
      [own, "other"],
    ] as const) {
      const brain = await Astrocyte.fromConfig(
        { ...document(), embedding_provider: "openai", embedding_provider_config: config },
        { environment: { OPENAI_API_KEY: "sk-environment" } },
      );
      await brain.retain(`a memory for ${expected}`, { bankId: "b" });
      expect(server.lastBody?.["model"]).toBe(expected);
      await brain.close();
    }
  });
});
