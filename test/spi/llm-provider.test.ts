import {
  assertProvider,
  composeLLMProvider,
  type EmbeddingProvider,
  type LLMProvider,
} from "astrocyte";
import { describe, expect, it, vi } from "vitest";

const completion = { text: "hello", model: "m" };

/** Classes, so that a method torn from its object would fail. */
class Chat implements LLMProvider {
  readonly spiVersion = 1;
  readonly name = "chat";
  readonly capabilities = {
    supportsMultimodalCompletion: true,
    supportsMultimodalEmbedding: false,
    supportsBatchEmbed: true,
  };
  readonly #answer = completion;
  readonly complete = vi.fn<LLMProvider["complete"]>(() => Promise.resolve(this.#answer));
  readonly embed = vi.fn<LLMProvider["embed"]>(() => Promise.reject(new Error("not this one")));
  readonly close = vi.fn<() => Promise<void>>(() => Promise.resolve());
}

class Embeddings implements EmbeddingProvider {
  readonly spiVersion = 1;
  readonly name = "embeddings";
  readonly #vectors = [[1, 0]];
  readonly close = vi.fn<() => Promise<void>>(() => Promise.resolve());
  embed(...args: Parameters<EmbeddingProvider["embed"]>): Promise<number[][]> {
    this.seen(...args);
    return Promise.resolve(this.#vectors);
  }
  readonly seen = vi.fn<(...args: Parameters<EmbeddingProvider["embed"]>) => void>();
}

describe("composeLLMProvider", () => {
  it("is an LLM provider with both names and the chat model's capabilities", () => {
    const chat = new Chat();
    const provider = composeLLMProvider(chat, new Embeddings());
    expect(() => assertProvider(provider, "LLMProvider", "providers.llm")).not.toThrow();
    expect(provider.name).toBe("chat+embeddings");
    expect(provider.capabilities).toBe(chat.capabilities);
  });

  it("completes with the one and embeds with the other, options passed on", async () => {
    const [chat, embeddings] = [new Chat(), new Embeddings()];
    const provider = composeLLMProvider(chat, embeddings);
    const { signal } = new AbortController();

    await expect(
      provider.complete([{ role: "user", content: "x" }], { signal, maxTokens: 5 }),
    ).resolves.toBe(completion);
    expect(chat.complete).toHaveBeenCalledWith([{ role: "user", content: "x" }], {
      signal,
      maxTokens: 5,
    });

    await expect(provider.embed(["x"], { signal, inputType: "query" })).resolves.toEqual([[1, 0]]);
    expect(embeddings.seen).toHaveBeenCalledWith(["x"], { signal, inputType: "query" });
    expect(chat.embed).not.toHaveBeenCalled();
  });

  it("closes both, also when the first fails", async () => {
    const [chat, embeddings] = [new Chat(), new Embeddings()];
    await composeLLMProvider(chat, embeddings).close?.();
    expect(chat.close).toHaveBeenCalledOnce();
    expect(embeddings.close).toHaveBeenCalledOnce();

    const failure = new Error("stuck");
    chat.close.mockRejectedValueOnce(failure);
    await expect(composeLLMProvider(chat, embeddings).close?.()).rejects.toBe(failure);
    expect(embeddings.close).toHaveBeenCalledTimes(2);
  });

  it("closes where there is nothing to close", async () => {
    const { spiVersion, name, capabilities, complete, embed } = new Chat();
    const provider = composeLLMProvider(
      { spiVersion, name, capabilities, complete, embed },
      { spiVersion, name, embed },
    );
    await expect(provider.close?.()).resolves.toBeUndefined();
  });
});
