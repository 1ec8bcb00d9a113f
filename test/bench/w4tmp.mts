import { Astrocyte } from "astrocyte";
import { createInMemoryDocumentStore, createInMemoryVectorStore } from "astrocyte/testing";
import { createEmbeddings, turns, sentence } from "./pipeline/corpus.js";
const e = createEmbeddings();
const b = new Astrocyte({
  vectorStore: createInMemoryVectorStore(),
  documentStore: createInMemoryDocumentStore(),
  embeddings: e,
});
const N = Number(process.argv[2]),
  mode = process.argv[3];
const it = turns(N);
let t = performance.now();
for (let i = 0; i < N; i += 500) await b.retainMany(it.slice(i, i + 500), { bankId: "b" });
console.log(
  "retain",
  (performance.now() - t).toFixed(0),
  "embed",
  e.spentMs().toFixed(0),
  "cpu",
  process.cpuUsage().user / 1e6,
);
t = performance.now();
await b.recall("What did Ana say?", { bankId: "b" });
console.log("first", performance.now() - t);
if (mode === "recall") {
  const c = process.cpuUsage().user;
  t = performance.now();
  const R = ((1500 * 1000) / N) | 0;
  for (let k = 0; k < R; k++)
    await b.recall("What did Ana say about " + sentence(9e6 + k, 4), { bankId: "b" });
  console.log(
    "recall",
    ((performance.now() - t) / R).toFixed(3),
    "cpu ms",
    ((process.cpuUsage().user - c) / 1000 / R).toFixed(3),
  );
}
