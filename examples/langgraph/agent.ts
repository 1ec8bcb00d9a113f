import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { MemorySaver } from "@langchain/langgraph";
import type { Astrocyte } from "astrocyte";
import { memoryMiddleware } from "astrocyte/graphs/middleware";
import { createAgent } from "langchain";

/** An agent whose memory is middleware; the bank comes from the context of each run. */
export function createFamilyAgent(brain: Astrocyte, model: BaseChatModel) {
  return createAgent({
    model,
    systemPrompt: "You are the assistant of a family. Answer briefly.",
    middleware: [
      memoryMiddleware({
        brain,
        // A question tells nothing; kept, it would be the best match for itself.
        filter: ({ text = "" }) => !text.endsWith("?"),
      }),
    ],
    checkpointer: new MemorySaver(),
  });
}
