import { jsonObjectSchema, type LLMProvider, type Message, type ToolCall } from "astrocyte";
import { createMockLLM } from "astrocyte/testing";
import * as z from "zod";
import type { IdLabels } from "./id-labels.js";
import type { ScriptedTurn, Setup } from "./scenario.js";
import { scriptedError } from "./scripted-error.js";

export interface ScriptedModel extends LLMProvider {
  /** Completion calls by purpose since the last time this was asked. */
  takeCalls(): Record<string, number>;
}

const toolCallSchema = z.object({ name: z.string(), arguments: jsonObjectSchema });

function textOf(messages: readonly Message[]): string {
  return messages
    .map(({ content }) =>
      typeof content === "string" ? content : content.map(({ text = "" }) => text).join(" "),
    )
    .join("\n");
}

/** How the prompts of each purpose begin. */
const openings: Readonly<Record<string, string>> = {
  agentic_reflect:
    "You answer a question from the memories of an agent, and may search them with tools.",
  premise_extract: "List what the question takes for granted",
  premise_verify: "Decide from the memories alone whether they support the claim",
  pii: "You find personal data in text.",
  decompose: "Split the question into",
  hyde: "Write one or two sentences as they might stand",
  query_analyzer: "You find out which stretch of time",
  rerank: "You order memories by how well",
  entity_extraction: "Name the entities that the content mentions",
  observation: "Keep the observations about a memory's subject up to date",
  fact_extraction: "Describe each numbered chunk as one fact",
  causal: "Find cause and effect between the numbered chunks",
  entity_resolution: "Decide whether the two descriptions name the same entity",
};

/** What a call is for, told from the prompt; the wording is ours, so that what is not known here is "other". */
function purposeOf(messages: readonly Message[]): string {
  const text = textOf(messages);
  const known = Object.entries(openings).find(([, opening]) => text.startsWith(opening));
  if (known !== undefined) return known[0];
  return text.includes("<memories>") && text.includes("<query>") ? "synthesis" : "other";
}

/** The head of a memory's line carries id and retain date here, which the mock would take for the memory's text. */
const extraHead = /^(\[Memory \d+\](?: \([^)]*\))?(?: \[[^\]]*\])?) \{[^}]*\}:/gm;

function inRecordedForm(messages: readonly Message[]): Message[] {
  return messages.map((message) =>
    typeof message.content === "string"
      ? { ...message, content: message.content.replace(extraHead, "$1:") }
      : message,
  );
}

/** The mock model, with the recording's answers by purpose: used in turn, the last one for ever. */
export function createScriptedModel(settings: Setup["llm"], labels: IdLabels): ScriptedModel {
  const { default_response: defaultResponse, scripts = {} } = settings ?? {};
  const mock = createMockLLM(
    defaultResponse === undefined ? {} : { default_response: defaultResponse },
  );
  const used = new Map<string, number>();
  let calls = new Map<string, number>();

  function nextTurn(purpose: string): ScriptedTurn | undefined {
    const script = scripts[purpose];
    const turn = used.get(purpose) ?? 0;
    used.set(purpose, turn + 1);
    return script?.[Math.min(turn, script.length - 1)];
  }

  /** Ids are labels in it. */
  function readToolCall(call: unknown, index: number): ToolCall {
    const { name, arguments: args } = toolCallSchema.parse(call);
    const named = JSON.stringify(args, (_key, value: unknown) =>
      typeof value === "string" ? labels.idOf(labels.fill(value)) : value,
    );
    return { id: `call-${index}`, name, arguments: jsonObjectSchema.parse(JSON.parse(named)) };
  }

  return {
    spiVersion: 1,
    name: "mock",
    capabilities: mock.capabilities,

    async complete(messages, options) {
      const purpose = purposeOf(messages);
      calls.set(purpose, (calls.get(purpose) ?? 0) + 1);
      const turn = nextTurn(purpose);
      if (turn === undefined) return mock.complete(inRecordedForm(messages), options);
      if (typeof turn === "object" && "raise" in turn) throw scriptedError(turn.raise, "llm");
      const text = typeof turn === "string" ? turn : turn.text;
      const { tool_calls: toolCalls = [] } = typeof turn === "string" ? {} : turn;
      return {
        text: labels.fill(text),
        model: "mock",
        ...(toolCalls.length === 0 ? {} : { toolCalls: toolCalls.map(readToolCall) }),
      };
    },

    embed: (texts, options) => mock.embed(texts, options),

    takeCalls() {
      const taken = Object.fromEntries(calls);
      calls = new Map();
      return taken;
    },
  };
}
