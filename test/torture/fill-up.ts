// Retains until the disk takes no more, then says what was acknowledged, how that failed, and whether reading still works.
import { bankId, contentOf, wordOf } from "./story.js";
import { brainOn, openSubject } from "./subjects.js";

const [subject = "", place = "", limit = "0"] = process.argv.slice(2);
const store = await openSubject(subject, place);
const brain = brainOn(store);
let acknowledged = 0;
let failure: unknown;
for (; acknowledged < Number(limit); acknowledged += 1) {
  try {
    const metadata = { number: acknowledged, person: "Ann" };
    await brain.retain(contentOf(acknowledged), { bankId, metadata });
  } catch (error) {
    failure = error;
    break;
  }
}
const { hits } = await brain.recall(wordOf(0), { bankId });
process.stdout.write(
  `${JSON.stringify({
    acknowledged,
    code: failure instanceof Error && "code" in failure ? failure.code : undefined,
    message: failure instanceof Error ? failure.message : undefined,
    recalls: hits.some(({ text }) => text.includes(wordOf(0))),
  })}\n`,
);
process.exit(0);
