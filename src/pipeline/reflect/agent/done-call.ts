import type { ToolCall, ToolDefinition } from "../../../dto/llm.js";
import { trim } from "../../../internal/whitespace.js";
import { parametersOf } from "./tool.js";

/** By calling this tool the model answers. */
export const doneTool: ToolDefinition = {
  name: "done",
  description: "Ends the search and gives the answer.",
  parameters: parametersOf({
    answer: { type: "string", description: "The answer to the question." },
    cited_ids: {
      type: "array",
      items: { type: "string" },
      description: "The ids of the memories that the answer rests on.",
    },
  }),
};

export interface DoneCall {
  /** Trimmed; blank when the call had none. */
  readonly answer: string;
  readonly citedIds: readonly string[];
}

export function readDoneCall({ arguments: args }: ToolCall): DoneCall {
  const { answer, cited_ids: ids } = args;
  return {
    answer: typeof answer === "string" ? trim(answer) : "",
    citedIds: Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [],
  };
}
