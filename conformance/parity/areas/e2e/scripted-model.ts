import type { LLMProvider, Message } from "astrocyte";
import { createMockLLM } from "astrocyte/testing";
import type { IdLabels } from "./id-labels.js";
import type { ScriptedTurn, Setup } from "./scenario.js";
import { scriptedError } from "./scripted-error.js";

export interface ScriptedModel extends LLMProvider {
  /** Completion calls by purpose since the last time this was asked. */
  takeCalls(): Record<string, number>;
}

function textOf(messages: readonly Message[]): string {
  return messages
    .map(({ content }) =>
      typeof content === "string" ? content : content.map(({ text = "" }) => text).join(" "),
    )
    .join("\n");
}

/** What a call is for, told from the prompt; the wording is ours, so that what is not known here is "other". */
function purposeOf(messages: readonly Message[]): string {
  const text = textOf(messages);
  if (text.startsWith("You find personal data in text.")) return "pii";
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
      return { text: labels.fill(text), model: "mock" };
    },

    embed: (texts, options) => mock.embed(texts, options),

    takeCalls() {
      const taken = Object.fromEntries(calls);
      calls = new Map();
      return taken;
    },
  };
}
