import { mkdirSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { Astrocyte, type AstrocyteConfigInput } from "astrocyte";
import { createModel } from "./model.js";

export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** What every story starts from: a brain on a file that outlives the process, and a model. */
export async function openStory(name: string, config: AstrocyteConfigInput = {}) {
  mkdirSync(".astrocyte", { recursive: true });
  const brain = await Astrocyte.fromConfig({
    vector_store: "sqlite",
    vector_store_config: { path: `.astrocyte/${name}.db` },
    ...config,
  });
  return { brain, model: createModel(process.env) };
}

/** A thread that no other run has had. */
export function newThread(): string {
  return randomUUID();
}

/** Prints the pieces of an answer as they come, and returns it whole. */
export async function printStream(
  who: string,
  stream: AsyncIterable<[{ readonly text: string; readonly type: string }, unknown]>,
): Promise<string> {
  let answer = "";
  process.stdout.write(`  ${who}: `);
  for await (const [{ text, type }] of stream) {
    if (type !== "ai") continue;
    process.stdout.write(text.replaceAll("\n", " "));
    answer += text;
  }
  process.stdout.write("\n");
  return answer;
}

/** Whether this process found what an earlier one had retained. */
export function tellRestart(remembered: number): void {
  print(
    remembered === 0
      ? "first run: nothing is remembered yet; run it again"
      : `remembered ${remembered} from an earlier process (this one is ${process.pid})`,
  );
}
