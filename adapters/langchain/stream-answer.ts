import { isMethod } from "./call-store.js";
import { isRecord } from "./is-record.js";
import type {
  LangChainCallOptions,
  LangChainInvokable,
  LangChainMessageDict,
} from "./langchain-like.js";
import { raceWithSignal } from "../internal/race-with-signal.js";
import { toCompletion } from "./to-completion.js";

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function textOf(chunk: unknown): string {
  return toCompletion(chunk, { model: "", withTools: false, createId: () => "" }).text;
}

/** Two chunks as one, as LangChain joins them; of others the text is all that can be joined. */
function joined(before: unknown, chunk: unknown): unknown {
  if (before === undefined) return chunk;
  const concat: unknown = isRecord(before) ? before["concat"] : undefined;
  if (typeof before !== "string" && isMethod(concat)) return concat.call(before, chunk);
  return textOf(before) + textOf(chunk);
}

/** The answer of a model piece by piece, each with all that came so far; in one piece where the model does not stream. */
export async function* streamAnswer(
  model: LangChainInvokable,
  input: LangChainMessageDict[],
  options: LangChainCallOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly text: string; readonly whole: unknown }, void> {
  const stream: unknown = "stream" in model ? model.stream : undefined;
  const opened = isMethod(stream)
    ? await raceWithSignal(Promise.resolve(stream.call(model, input, options)), signal)
    : undefined;
  if (!isIterable(opened)) {
    const whole = await raceWithSignal(model.invoke(input, options), signal);
    yield { text: textOf(whole), whole };
    return;
  }
  const chunks = opened[Symbol.asyncIterator]();
  let whole: unknown;
  let isDone = false;
  try {
    for (;;) {
      const next = await raceWithSignal(chunks.next(), signal);
      isDone = next.done === true;
      if (isDone) return;
      whole = joined(whole, next.value);
      yield { text: textOf(next.value), whole };
    }
  } finally {
    // Not waited for: a model that does not heed the abort would hold the caller.
    if (!isDone) chunks.return?.().catch(() => undefined);
  }
}
