// Opens a store as someone who may only read it, and says how that fails, or how writing does.
import { setgid, setuid } from "node:process";
import { bankId } from "./story.js";
import { openSubject } from "./subjects.js";

const nobody = 65_534;
const [subject = "", place = ""] = process.argv.slice(2);
// The driver is a peer that is loaded when a store is opened, which needs permissions of its own.
await (await openSubject(subject, ":memory:")).close();
if (process.getuid?.() === 0) {
  setgid?.(nobody);
  setuid?.(nobody);
}
let failure: unknown;
try {
  const store = await openSubject(subject, place);
  await store.storeVectors([{ id: "more", bankId, vector: [1], text: "more" }]);
} catch (error) {
  failure = error;
}
process.stdout.write(
  `${JSON.stringify({
    code: failure instanceof Error && "code" in failure ? failure.code : undefined,
    message: failure instanceof Error ? failure.message : undefined,
  })}\n`,
);
process.exit(0);
