import { piiLabels } from "../../pii-labels.js";
import * as z from "zod";
import type { ReplayedStep } from "../replay.js";
import type { Row, Scenario } from "../scenario.js";
import { settingOf } from "./settings.js";
import type { Rule } from "./rule.js";

const reason = "D-37: a PII mode with a model asks the model";
const mentionsSchema = z.array(z.object({ type: z.string(), text: z.string() }));
const retainedSchema = z.looseObject({ memory_id: z.string().nullish(), stored: z.boolean() });
const memorySchema = z.looseObject({ id: z.string(), text: z.string() });

type Mentions = z.infer<typeof mentionsSchema>;

function mentionsOf(turn: unknown): Mentions | undefined {
  try {
    return mentionsSchema.parse(JSON.parse(String(turn)));
  } catch {
    return undefined;
  }
}

function redact(text: string, mentions: Mentions): string {
  return mentions.reduce(
    (rest, mention) =>
      rest.replaceAll(mention.text, `[${piiLabels[mention.type] ?? "UNKNOWN"}_REDACTED]`),
    text,
  );
}

function asksModel(scenario: Pick<Scenario, "setup">): boolean {
  const mode = settingOf(scenario, "barriers.pii.mode");
  return mode === "llm" || mode === "rules_then_llm";
}

/** Whether a content came as far as the scan, by what the recording says became of it. */
function isScanned({ step, recorded }: ReplayedStep): boolean {
  if (step.op !== "retain") return false;
  const result = retainedSchema.safeParse(recorded.result);
  if (!result.success) return recorded.error?.class === "PiiRejected";
  return result.data.stored || result.data["deduplicated"] === true;
}

/** What the model says of the content of a step; undefined when its answer is no list, and the rules stand in for it. */
function mentionsIn(
  { setup }: Scenario,
  steps: readonly ReplayedStep[],
  index: number,
): Mentions | undefined {
  const script = setup.llm?.scripts["pii"] ?? [];
  const turn = steps.slice(0, index).filter(isScanned).length;
  return mentionsOf(script[Math.min(turn, script.length - 1)]);
}

/** The texts that are stored, by label. */
function textsDue(scenario: Scenario, steps: readonly ReplayedStep[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [index, { step, recorded }] of steps.entries()) {
    const result = retainedSchema.safeParse(recorded.result);
    const mentions = mentionsIn(scenario, steps, index);
    if (step.op !== "retain" || !result.success || mentions === undefined) continue;
    const { memory_id: id } = result.data;
    if (typeof id === "string") texts.set(id, redact(String(step["content"]), mentions));
  }
  return texts;
}

/** In code points: how much of a content the model sees at once, and how far the windows are apart. */
const windowLength = 2000;
const windowStride = 1800;

/** Each window of a content that is scanned costs one call. */
export const modelAsked: Rule = (context, { actual, expected }) => {
  const { scenario, replayed } = context;
  if (!asksModel(scenario) || !isScanned(replayed)) return undefined;
  const length = Array.from(String(replayed.step["content"])).length;
  const further = Math.max(0, Math.ceil((length - windowLength) / windowStride));
  const llmCalls = { ...expected.llm_calls, pii: 1 + further };
  return { actual, expected: { ...expected, llm_calls: llmCalls }, reason };
};

/** In mode `llm`, what the model names is redacted and nothing else. */
export const modelObeyed: Rule = ({ scenario, steps, replayed }, { actual, expected }) => {
  const items = z.array(memorySchema).safeParse(expected.result);
  if (settingOf(scenario, "barriers.pii.mode") !== "llm") return undefined;
  if (replayed.step.op !== "vectors" || !items.success) return undefined;
  const due = textsDue(scenario, steps);
  const result = items.data.map((item) => ({ ...item, text: due.get(item.id) ?? item.text }));
  return { actual, expected: { ...expected, result } satisfies Row, reason };
};
