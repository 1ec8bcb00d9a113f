import { fromWire, messageSchema } from "astrocyte";
import { createMockLLM } from "astrocyte/testing";
import * as z from "zod";
import { NotMapped, type AreaRunner } from "../area-runner.js";
import type { ParityCase } from "../parity-case.js";

const embedInput = z.object({
  text: z.string(),
  embedding_dimensions: z.int().optional(),
  dim: z.int().optional(),
});
const completeInput = z.object({
  messages: z.array(z.unknown()),
  default_response: z.string().optional(),
});

async function embed(text: string, dimension?: number): Promise<number[]> {
  const config = dimension === undefined ? {} : { embedding_dimensions: dimension };
  const [vector = []] = await createMockLLM(config).embed([text]);
  return vector;
}

async function sparseEmbedding(input: unknown): Promise<unknown> {
  const { text, embedding_dimensions: dimensions, dim } = embedInput.parse(input);
  const vector = await embed(text, dimensions ?? dim);
  const nonzero = vector.flatMap((value, at) => (value === 0 ? [] : [[String(at), value]]));
  return { dim: vector.length, nonzero: Object.fromEntries(nonzero) };
}

async function similarity(input: unknown): Promise<unknown> {
  const { a, b } = z.object({ a: z.string(), b: z.string() }).parse(input);
  const [left, right] = [await embed(a), await embed(b)];
  // Both are of length 1 or zero.
  return { cosine: left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0) };
}

async function complete(input: unknown): Promise<unknown> {
  const { messages: wire, default_response: text } = completeInput.parse(input);
  const messages = wire.map((message) => fromWire(messageSchema, message));
  const llm = createMockLLM(text === undefined ? {} : { default_response: text });
  const completion = await llm.complete(messages);
  const given = await llm.complete(messages, { model: "gpt-x" });
  return {
    text: completion.text,
    model: completion.model,
    model_given: given.model,
    usage: {
      input_tokens: completion.usage?.inputTokens,
      output_tokens: completion.usage?.outputTokens,
    },
    call_count: llm.callCount,
    last_user_message: llm.lastUserMessage,
  };
}

async function synthesise(input: unknown): Promise<unknown> {
  const { prompt } = z.object({ prompt: z.string() }).parse(input);
  const completion = await createMockLLM().complete([{ role: "user", content: prompt }]);
  return { answer: completion.text };
}

/** The mock model of `astrocyte/testing`. */
export const mockProvider: AreaRunner = {
  area: "mock_provider",
  run: ({ fn = "this function", input }: ParityCase) => {
    switch (fn) {
      case "MockLLMProvider.embed":
        return sparseEmbedding(input);
      case "_cosine_sim(embed(a), embed(b))":
        return similarity(input);
      case "MockLLMProvider.complete":
        return complete(input);
      case "_extractive_synthesize":
        return synthesise(input);
      default:
        return new NotMapped(`${fn} is not public`);
    }
  },
};
