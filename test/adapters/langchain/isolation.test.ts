import type { Astrocyte, VectorStore } from "astrocyte";
import { Astrocyte as Brain } from "astrocyte";
import { createSqliteStore } from "astrocyte/adapters/sqlite";
import {
  AstrocyteChatMessageHistory,
  AstrocyteMemory,
  AstrocyteRetriever,
  AstrocyteVectorStore,
  createMemoryTools,
} from "astrocyte/adapters/langchain";
import { createInMemoryVectorStore, createMockLLM, HashedEmbeddings } from "astrocyte/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Ids that a sloppy prefix, pattern, case fold or object key would take for one another. */
const banks = [
  "user",
  "user_1",
  "user-1",
  "user.1",
  "user:1",
  "user@1",
  "userX1",
  "user_12",
  "user_123",
  "USER_1",
  "User_1",
  "user_1::obs",
  "user_1::chat",
  "user_1.",
  "1",
  "10",
  "constructor",
  "toString",
  "hasOwnProperty",
  "a".repeat(255),
  "a".repeat(254),
];

const noBanks = [
  "",
  " ",
  "*",
  "user%",
  "user_1 ",
  " user_1",
  "user_1\u0000",
  "user_1\n",
  "../user_1",
  "user_1/",
  "user_1'--",
  "__proto__",
  "ｕser_1",
  "a".repeat(256),
];

/** A repeatable sequence of numbers in `[0, 1)`. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function markerOf(bankId: string): string {
  return `marker${banks.indexOf(bankId)}x`;
}

/** Whose sentences an answer holds, apart from the bank's own. */
function foreignIn(answer: string, bankId: string): string[] {
  const markers = [...answer.matchAll(/words of (marker\d+x)/g)].map(([, marker]) => marker ?? "");
  return markers.filter((marker) => marker !== markerOf(bankId));
}

function call(query: string) {
  return { type: "tool_call" as const, id: "1", name: "search_memory", args: { query } };
}

function run(bankId: string) {
  return { configurable: { bankId } };
}

type Probe = (bankId: string, query: string) => Promise<string>;

const probeCount = 2_000;
const folder = mkdtempSync(join(tmpdir(), "astrocyte-isolation-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ["memory", () => Promise.resolve(createInMemoryVectorStore())],
  ["sqlite", () => createSqliteStore({ path: join(folder, "isolation.db") })],
] as [string, () => Promise<VectorStore>][])("over %s", (_name, open) => {
  let brain: Astrocyte;
  let store: VectorStore;
  let probes: Record<string, Probe>;

  beforeAll(async () => {
    store = await open();
    const llm = createMockLLM();
    const embeddings = new HashedEmbeddings();
    brain = new Brain({ vectorStore: store, llm });
    const documents = createInMemoryVectorStore();
    const chats = createInMemoryVectorStore();
    for (const bankId of banks) {
      const text = `The shared secret words of ${markerOf(bankId)}`;
      await brain.retain(text, { bankId, metadata: { session_id: "s" } });
      await AstrocyteVectorStore.fromTexts([text], {}, embeddings, {
        store: documents,
        bankId,
        ids: ["same"],
      });
      await new AstrocyteChatMessageHistory({
        store: chats,
        bankId,
        sessionId: "s",
      }).addUserMessage(text);
    }
    const free = new AstrocyteRetriever({ brain, maxResults: 50 });
    const freeTool = free.asTool();
    const tools = createMemoryTools(brain, { operations: ["recall", "reflect"] });
    probes = {
      bound: async (bankId, query) =>
        JSON.stringify(await new AstrocyteRetriever({ brain, bankId }).invoke(query, run("user"))),
      configurable: async (bankId, query) => JSON.stringify(await free.invoke(query, run(bankId))),
      reflected: async (bankId, query) =>
        JSON.stringify(
          await new AstrocyteRetriever({ brain, mode: "reflect" }).invoke(query, run(bankId)),
        ),
      asTool: async (bankId, query) =>
        JSON.stringify(await freeTool.invoke(call(query), run(bankId))),
      recallTool: async (bankId, query) =>
        String(await tools[0]?.invoke({ query, max_results: 50 }, run(bankId))),
      reflectTool: async (bankId, query) =>
        String(await tools[1]?.invoke({ query }, { context: { bankId } })),
      memory: async (bankId, query) =>
        JSON.stringify(
          await new AstrocyteMemory({ brain, bankId: "user", threadToBank: { t: bankId } }).search(
            query,
            { threadId: "t", maxResults: 50 },
          ),
        ),
      vectors: async (bankId, query) =>
        JSON.stringify(
          await new AstrocyteVectorStore(embeddings, { store: documents, bankId }).similaritySearch(
            query,
            50,
            () => true,
          ),
        ),
      diverse: async (bankId, query) =>
        JSON.stringify(
          await new AstrocyteVectorStore(embeddings, {
            store: documents,
            bankId,
          }).maxMarginalRelevanceSearch(query, { k: 50 }),
        ),
      history: async (bankId) =>
        JSON.stringify(
          await new AstrocyteChatMessageHistory({
            store: chats,
            bankId,
            sessionId: "s",
          }).getMessages(),
        ),
    };
  }, 60_000);
  afterAll(() => brain.close());

  it(`gives nothing of another bank in ${probeCount} probes`, { timeout: 120_000 }, async () => {
    const random = createRandom(7);
    const pick = <Item>(items: readonly Item[]): Item =>
      items[Math.floor(random() * items.length)] as Item;
    const names = Object.keys(probes);
    let answered = 0;
    for (let count = 0; count < probeCount; count += 1) {
      const name = pick(names);
      const bankId = pick(banks);
      const query = pick([
        `Tell me about ${markerOf(pick(banks))}`,
        pick(banks),
        "shared",
        "%",
        "' OR 1=1 --",
      ]);
      const answer = (await probes[name]?.(bankId, query)) ?? "";
      const foreign = foreignIn(answer, bankId);
      expect({ name, bankId, query, foreign }).toEqual({ name, bankId, query, foreign: [] });
      if (answer.includes(`words of ${markerOf(bankId)}`)) answered += 1;
    }
    // Probes that find nothing at all would prove nothing.
    expect(answered).toBeGreaterThan(probeCount / 2);
  });

  it.each(noBanks)("finds nothing in %j, which is no bank", async (bankId) => {
    for (const probe of Object.values(probes)) {
      const answer = await probe(bankId, "shared secret words").catch(String);
      expect(answer).not.toMatch(/marker\d+x/);
    }
  });
});

it("notices a store that mixes banks up", async () => {
  const store = createInMemoryVectorStore();
  const mixing: VectorStore = {
    ...store,
    searchSimilar: (query, options) => store.searchSimilar(query, { ...options, bankId: "user" }),
  };
  const text = `The shared secret words of ${markerOf("user")}`;
  const embeddings = new HashedEmbeddings();
  await AstrocyteVectorStore.fromTexts([text], {}, embeddings, { store, bankId: "user" });
  const found = await new AstrocyteVectorStore(embeddings, {
    store: mixing,
    bankId: "user_1",
  }).similaritySearch("words");
  expect(foreignIn(JSON.stringify(found), "user_1")).toEqual([markerOf("user")]);
});
