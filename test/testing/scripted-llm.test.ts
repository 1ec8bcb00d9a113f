import type { Message } from "astrocyte";
import { createScriptedLLM, HashedEmbeddings } from "astrocyte/testing";
import { describe, expect, it } from "vitest";

const hello: Message[] = [{ role: "user", content: "hello" }];

describe("a scripted LLM", () => {
  it("gives its responses in order: text, completion, error, computed", async () => {
    const completion = { text: "two", model: "m", usage: { inputTokens: 1, outputTokens: 2 } };
    const llm = createScriptedLLM({
      responses: [
        "one",
        completion,
        new Error("three"),
        (messages, options) => `${messages.length} ${options?.model}`,
      ],
    });
    expect(await llm.complete(hello)).toEqual({ text: "one", model: "scripted" });
    expect(await llm.complete(hello)).toEqual(completion);
    await expect(llm.complete(hello)).rejects.toThrow("three");
    expect(await llm.complete(hello, { model: "m4" })).toEqual({ text: "1 m4", model: "m4" });
    expect(llm.remaining).toBe(0);
  });

  it("says so when the script is exhausted", async () => {
    const llm = createScriptedLLM({ responses: ["one"], name: "judge" });
    await llm.complete(hello);
    await expect(llm.complete(hello)).rejects.toThrow(
      'LLM "judge": the script is exhausted; this is call 2, and it has 1 responses',
    );
  });

  it("keeps every call as it was made", async () => {
    const llm = createScriptedLLM({ responses: [new Error("failed")] });
    const messages = structuredClone(hello);
    await expect(llm.complete(messages, { temperature: 1 })).rejects.toThrow("failed");
    messages.push({ role: "user", content: "later" });
    expect(llm.calls).toEqual([{ messages: hello, options: { temperature: 1 } }]);
  });

  it("rejects with the reason of a signal that is aborted before or while it answers", async () => {
    const before = createScriptedLLM({ responses: ["one"] });
    const reason = new Error("stop");
    const signal = AbortSignal.abort(reason);
    await expect(before.complete(hello, { signal })).rejects.toBe(reason);
    expect(before.calls).toEqual([]);

    const controller = new AbortController();
    const during = createScriptedLLM({
      responses: [
        () => {
          controller.abort(reason);
          return "late";
        },
      ],
    });
    await expect(during.complete(hello, { signal: controller.signal })).rejects.toBe(reason);
  });

  it("embeds with what it is given, and throws the marker error without", async () => {
    const embeddings = new HashedEmbeddings({ dimension: 4 });
    const llm = createScriptedLLM({ responses: [], embeddings });
    expect(await llm.embed(["a"])).toEqual([await embeddings.embedQuery("a")]);
    await expect(createScriptedLLM({ responses: [] }).embed(["a"])).rejects.toMatchObject({
      code: "ASTROCYTE_EMBEDDINGS_NOT_SUPPORTED",
    });
  });
});
