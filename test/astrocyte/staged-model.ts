import { llmCapabilitiesSchema, type LLMProvider, type Message } from "astrocyte";

/** How the prompts of the stages begin. */
const stages = {
  facts: "Describe each numbered chunk",
  entities: "Name the entities",
  aliases: "Decide whether the two descriptions",
  causes: "Find cause and effect",
  observations: "Keep the observations",
  questions: "Split the question into",
  imagined: "Write one or two sentences",
  answer: "You answer a question from the memories",
} as const;

export type Stage = keyof typeof stages;
type Reply = string | Error | ((user: string) => string | Promise<string>);

function textOf(message: Message | undefined): string {
  return typeof message?.content === "string" ? message.content : "";
}

/** A model that answers each stage by a reply of its own, and remembers which stages asked; others get an error. */
export function createStagedModel(replies: Partial<Record<Stage, Reply>>) {
  const asked: { stage: Stage | undefined; user: string }[] = [];
  const llm: LLMProvider = {
    spiVersion: 1,
    name: "staged",
    capabilities: llmCapabilitiesSchema.parse({}),
    async complete([system, question]) {
      const stage = (Object.keys(stages) as Stage[]).find((name) =>
        textOf(system).startsWith(stages[name]),
      );
      const user = textOf(question);
      asked.push({ stage, user });
      const reply = stage === undefined ? undefined : replies[stage];
      if (reply === undefined) throw new Error(`nobody expected ${stage}`);
      if (reply instanceof Error) throw reply;
      const text = typeof reply === "string" ? reply : await reply(user);
      return { text, model: "staged", usage: { inputTokens: 10, outputTokens: 2 } };
    },
    embed: () => Promise.reject(new Error("not asked")),
  };
  return { llm, asked, stagesAsked: () => asked.map(({ stage }) => stage) };
}
