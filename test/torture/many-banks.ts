// Retains and recalls in many banks beside other processes, and prints how long each took as one line of JSON.
import { bankOf, markOf } from "./crowd-story.js";
import { brainOn, openSubject } from "./subjects.js";

const [subject = "", place = "", who = "", rounds = "0", banks = "1"] = process.argv.slice(2);
const store = await openSubject(subject, place);
const brain = brainOn(store);
const retainMs: number[] = [];
const recallMs: number[] = [];
const problems: string[] = [];
for (let round = 0; round < Number(rounds); round += 1) {
  const bankId = bankOf(Number(who), round, Number(banks));
  const mark = markOf(Number(who), round);
  let start = performance.now();
  const { stored } = await brain.retain(`${mark} was said in ${bankId}`, {
    bankId,
    metadata: { person: `Person${round % 5}` },
  });
  retainMs.push(performance.now() - start);
  if (!stored) problems.push(`${mark} was not stored`);
  start = performance.now();
  const { hits } = await brain.recall(mark, { bankId, maxResults: 5 });
  recallMs.push(performance.now() - start);
  if (!hits.some(({ text }) => text.startsWith(`${mark} `))) problems.push(`${mark} is not found`);
  for (const { text } of hits) {
    if (!text.endsWith(` ${bankId}`)) problems.push(`${bankId} answers with "${text}"`);
  }
}
await store.close();
process.stdout.write(`${JSON.stringify({ retainMs, recallMs, problems })}\n`);
