// Retains and forgets until it is killed. Prints the name of each step before it begins and again once it is acknowledged; with
// "early", which is wrong, before it is done.
import { writeSync } from "node:fs";
import { createPostgresStore } from "astrocyte/adapters/postgres";
import { startPglite } from "../support/postgres/start-pglite.js";

const [place = "", prefix = "", flaw = ""] = process.argv.slice(2);
const isFolder = !place.startsWith("postgres://");
const server = isFolder ? await startPglite(place) : undefined;
const store = await createPostgresStore({
  url: server?.url ?? place,
  ...(server === undefined ? {} : { poolSize: server.poolSize }),
});
const say = (...words: string[]): void => {
  writeSync(1, `${words.join(" ")}\n`);
};

say("ready");
for (let step = 0; ; step += 1) {
  const id = `${prefix}-${step}`;
  const bank = { bankId: `bank-${step % 3}` };
  say("retaining", id, bank.bankId);
  if (flaw === "early") say("retained", id, bank.bankId);
  await store.atomically(async () => {
    await store.storeVectors([
      {
        id,
        ...bank,
        vector: isFolder ? [step + 1, 1] : [],
        text: `memory ${id} ${"word ".repeat(100)}`,
      },
    ]);
    await store.storeEntities(
      [{ id: `e-${id}`, name: id, entityType: "OTHER", mentionCount: 1 }],
      bank,
    );
    await store.linkMemoriesToEntities([{ memoryId: id, entityId: `e-${id}` }], bank);
    await store.storeMemoryLinks(
      [
        {
          sourceMemoryId: id,
          targetMemoryId: id,
          linkType: "semantic",
          evidence: id,
          confidence: 1,
          weight: 1,
        },
      ],
      bank,
    );
  });
  say("retained", id, bank.bankId);
  if (step % 3 !== 2) continue;
  // Of an earlier step, in the same bank.
  const gone = `${prefix}-${Math.floor(step / 6) * 3 + 2}`;
  say("forgetting", gone, bank.bankId);
  await store.delete([gone], bank);
  say("forgotten", gone, bank.bankId);
}
