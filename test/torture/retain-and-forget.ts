// Retains and forgets until it is killed. Says what it begins, and what the brain has acknowledged:
// "begin retain 7", "done retain 7", "begin forget 3", "done forget 3".
import { writeSync } from "node:fs";
import { bankId, contentOf } from "./story.js";
import { brainOn, openSubject } from "./subjects.js";

const [subject = "", place = "", first = "0"] = process.argv.slice(2);
const store = await openSubject(subject, place);
const brain = brainOn(store);
const kept: { readonly number: number; readonly memoryId: string }[] = [];
for (let number = Number(first); ; number += 1) {
  writeSync(1, `begin retain ${number}\n`);
  const metadata = { number, person: `Person${number % 7}` };
  const { memoryId = "", stored } = await brain.retain(contentOf(number), { bankId, metadata });
  if (!stored) throw new Error(`content ${number} was not stored`);
  writeSync(1, `done retain ${number}\n`);
  kept.push({ number, memoryId });
  if (number % 3 !== 2) continue;
  const [forgotten] = kept.splice(number % kept.length, 1);
  if (forgotten === undefined) continue;
  writeSync(1, `begin forget ${forgotten.number}\n`);
  await brain.forget({ bankId, memoryIds: [forgotten.memoryId] });
  writeSync(1, `done forget ${forgotten.number}\n`);
}
