import type {
  Astrocyte,
  AstrocyteConfigInput,
  ImportBankOptions,
  RetainItem,
  VectorItem,
  VectorStore,
} from "astrocyte";
import { createPostgresStore } from "astrocyte/adapters/postgres";
import { createSqliteStore } from "astrocyte/adapters/sqlite";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { startPglite } from "../support/postgres/start-pglite.js";
import { createBrain } from "./brain.js";

const bankId = "user-1";

interface Ground {
  readonly brain: Astrocyte;
  readonly store: VectorStore;
}

function inMemory(config?: AstrocyteConfigInput): Ground {
  const { brain, vectorStore } = createBrain({ config });
  return { brain, store: vectorStore };
}

const postgres = startPglite();
let schemas = 0;
afterAll(async () => (await postgres).stop());

/** Every kind of store that a bank can move between. */
const grounds: Readonly<Record<string, () => Ground | Promise<Ground>>> = {
  "in memory": () => inMemory(),
  postgres: async () => {
    const { url, poolSize } = await postgres;
    schemas += 1;
    const store = await createPostgresStore({
      url,
      pool_size: poolSize,
      schema: `portability_${schemas}`,
    });
    const stores = { vectorStore: store, documentStore: store, graphStore: store };
    return { brain: createBrain(stores).brain, store };
  },
  sqlite: async () => {
    const store = await createSqliteStore({ path: ":memory:" });
    const stores = { vectorStore: store, documentStore: store, graphStore: store };
    return { brain: createBrain(stores).brain, store };
  },
};

/** Vectors as stores keep them at least: in single precision. */
const rounded = (items: readonly VectorItem[]) =>
  items.map((item) => ({ ...item, vector: item.vector.map((value) => Math.fround(value)) }));

async function allItems(store: VectorStore, bank = bankId): Promise<VectorItem[]> {
  const items: VectorItem[] = [];
  for (let offset = 0; ; offset += 100) {
    const page = await store.listVectors({ bankId: bank, offset, limit: 100 });
    items.push(...page);
    if (page.length < 100) return items;
  }
}

async function exported(brain: Astrocyte, bank = bankId): Promise<string> {
  let text = "";
  for await (const line of brain.exportBank({ bankId: bank })) text += line;
  return text;
}

async function drain(lines: AsyncGenerator<string, void>): Promise<void> {
  while ((await lines.next()).done !== true);
}

const bodyOf = (text: string) => text.slice(text.indexOf("\n") + 1);

const header = (memoryCount: number, changes: object = {}) =>
  `${JSON.stringify({
    _ama_version: 1,
    bank_id: "b",
    exported_at: "2025-01-15T12:00:00+00:00",
    provider: "p",
    memory_count: memoryCount,
    ...changes,
  })}\n`;

const importText = (brain: Astrocyte, text: string, options: Partial<ImportBankOptions> = {}) =>
  brain.importBank([text], { bankId, ...options });

const content = fc.record({
  content: fc.oneof(
    fc.constantFrom("Ann likes tea.", '日本語 🎉 "quoted" \\ back\nnewline', "Bob moved to Oslo"),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).filter((text) => /\w/.test(text)),
  ),
  tags: fc.option(fc.uniqueArray(fc.constantFrom("a", "b", "ü")), { nil: undefined }),
  metadata: fc.option(
    fc.dictionary(
      fc.constantFrom("k", "session_id"),
      fc.oneof(
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
      ),
    ),
    { nil: undefined },
  ),
  occurredAt: fc.option(fc.constantFrom("2024-05-01", "2024-05-01T10:00:00+02:00"), {
    nil: undefined,
  }),
  source: fc.option(fc.constantFrom("chat", "mail"), { nil: undefined }),
});

const kinds = Object.keys(grounds);
const ways = kinds.flatMap((from) => kinds.map((to) => [from, to] as const));

describe("export and import", () => {
  it.each(ways)("give a bank back as it was, from %s to %s", async (from, to) => {
    await fc.assert(
      fc.asyncProperty(fc.array(content, { maxLength: 12 }), async (contents: RetainItem[]) => {
        const origin = await grounds[from]?.();
        const target = await grounds[to]?.();
        if (origin === undefined || target === undefined) throw new Error("no such ground");
        await origin.brain.retainMany(contents, { bankId });
        const items = await allItems(origin.store);
        const text = await exported(origin.brain);
        const result = await importText(target.brain, text);
        expect(result).toEqual({
          imported: items.length,
          skipped: 0,
          errors: 0,
          malformed: 0,
          problems: [],
        });
        expect(rounded(await allItems(target.store))).toEqual(rounded(items));
        // Byte by byte, after having been read and written again.
        expect(bodyOf(await exported(target.brain))).toBe(bodyOf(text));
        await Promise.all([origin.store.close?.(), target.store.close?.()]);
      }),
      { numRuns: [from, to].includes("postgres") ? 5 : 25 },
    );
  });

  it("hold the whole of a bank that is larger than a page", async () => {
    const { brain, store } = inMemory();
    const contents = Array.from({ length: 1050 }, (_, index) => ({
      content: `Fact number ${index}.`,
    }));
    await brain.retainMany(contents, { bankId });
    const text = await exported(brain);
    expect(text.split("\n")).toHaveLength(1052);
    expect(JSON.parse(text.slice(0, text.indexOf("\n")))).toMatchObject({
      bank_id: bankId,
      memory_count: 1050,
    });
    const target = inMemory();
    expect(await importText(target.brain, text)).toMatchObject({ imported: 1050 });
    expect(await allItems(target.store)).toEqual(await allItems(store));
    expect(await target.brain.recall("Fact number 777", { bankId, maxResults: 1 })).toMatchObject({
      hits: [{ text: "Fact number 777." }],
    });
  });

  it("are ASCII with the keys in the contract's order", async () => {
    const { brain } = inMemory();
    await brain.retain("日本語 🎉", {
      bankId,
      tags: ["x"],
      metadata: { k: null },
      occurredAt: "2024-05-01",
      source: "chat",
    });
    const text = await exported(brain);
    expect(text).toMatch(/^[\n -~]*$/);
    const [, line = ""] = text.split("\n");
    const record: unknown = JSON.parse(line);
    expect(Object.keys(record as object)).toEqual([
      "id",
      "text",
      "fact_type",
      "tags",
      "metadata",
      "occurred_at",
      "source",
      "bank_id",
      "created_at",
    ]);
    expect(record).toMatchObject({ text: "日本語 🎉", source: "chat", metadata: { k: null } });
  });

  it("read no more than a page ahead of who takes the lines", async () => {
    const { brain, store } = inMemory();
    await brain.retainMany(
      Array.from({ length: 900 }, (_, index) => ({ content: `Fact ${index}.` })),
      { bankId },
    );
    let pages = 0;
    const listVectors = store.listVectors.bind(store);
    store.listVectors = (options) => {
      pages += 1;
      return listVectors(options);
    };
    const lines = brain.exportBank({ bankId });
    await lines.next();
    const counted = pages;
    for (let taken = 0; taken < 10; taken += 1) await lines.next();
    expect(pages).toBe(counted + 1);
    await lines.return();
  });

  it("take vectors along when asked, and use them when told", async () => {
    const { brain } = inMemory();
    await brain.retain("Ann likes tea.", { bankId });
    let text = "";
    for await (const line of brain.exportBank({ bankId, includeEmbeddings: true })) text += line;
    const [, line = ""] = text.split("\n");
    const embedding = (JSON.parse(line) as { embedding: number[] }).embedding;
    expect(embedding).toHaveLength(128);
    const doubled = text.replace(
      JSON.stringify(embedding),
      JSON.stringify(embedding.map((one) => one * 2)),
    );
    const target = inMemory();
    await importText(target.brain, doubled, { useEmbeddings: true });
    expect((await allItems(target.store))[0]?.vector).toEqual(embedding.map((one) => one * 2));
    const other = inMemory();
    await importText(other.brain, doubled);
    expect((await allItems(other.store))[0]?.vector).toEqual(embedding);
  });
});

describe("exportBank", () => {
  it("fails rather than be short when the bank is changed meanwhile", async () => {
    const { brain } = inMemory();
    await brain.retainMany(
      Array.from({ length: 300 }, (_, index) => ({ content: `Fact ${index}.` })),
      { bankId },
    );
    const lines = brain.exportBank({ bankId });
    await lines.next();
    const { hits } = await brain.recall("Fact", { bankId, maxResults: 1 });
    await brain.forget({ bankId, memoryIds: hits.map(({ memoryId }) => memoryId ?? "") });
    await brain.retain("Another one.", { bankId });
    await expect(drain(lines)).rejects.toMatchObject({ code: "ASTROCYTE_STORAGE" });
  });

  it("is for those who may, and tells the host", async () => {
    const { brain } = inMemory({ access_control: { enabled: true } });
    brain.setAccessGrants([{ bankId, principal: "user:boss", permissions: ["admin"] }]);
    await expect(exported(brain)).rejects.toMatchObject({ code: "ASTROCYTE_ACCESS_DENIED" });
    await expect(importText(brain, header(0))).rejects.toMatchObject({
      code: "ASTROCYTE_ACCESS_DENIED",
    });
    const events: unknown[] = [];
    brain.registerHook("on_export", ({ data }) => void events.push(data));
    brain.registerHook("on_import", ({ data }) => void events.push(data));
    const context = { principal: "user:boss" };
    await drain(brain.exportBank({ bankId, context }));
    await importText(brain, header(0), { context });
    expect(events).toEqual([{ memory_count: 0 }, { imported: 0, skipped: 0, errors: 0 }]);
  });

  it.each([
    [{ bankId, includeEmbeddings: 1 }, "includeEmbeddings"],
    [{ bankId, format: "csv" }, "format"],
    [{ bankId, onProgress: 5 }, "onProgress"],
  ])("refuses wrong options %o", async (options, name) => {
    const { brain } = inMemory();
    await expect(brain.exportBank(options as never).next()).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
      message: expect.stringContaining(name),
    });
  });
});

describe("importBank", () => {
  const two = `${header(2)}{"id":"1","text":"Ann likes tea."}\n{"id":"2","text":"Bob likes coffee."}\n`;

  it("can be repeated after it was cut off", async () => {
    const { brain, store } = inMemory();
    const [first = "", second = ""] = two.split("\n");
    expect(await importText(brain, `${first}\n${second}`)).toMatchObject({
      imported: 1,
      problems: [expect.stringContaining("announces 2 memories, and the file has 1")],
    });
    expect(await importText(brain, two)).toMatchObject({ imported: 1, skipped: 1 });
    expect(await allItems(store)).toHaveLength(2);
  });

  it("gives a memory without an id one that is the same every time", async () => {
    const { brain, store } = inMemory();
    const text = `${header(1)}{"id":"","text":"Ann likes tea."}\n`;
    expect(await importText(brain, text)).toMatchObject({ imported: 1 });
    expect(await importText(brain, text)).toMatchObject({ skipped: 1 });
    expect((await allItems(store))[0]?.id).toMatch(/^[0-9a-f]{16}$/);
  });

  it("marks memories of another implementation with where they come from", async () => {
    const { brain, store } = inMemory();
    await importText(
      brain,
      `${header(1)}{"id":"1","text":"Ann likes tea.","metadata":{"_created_at":"2024-01-01T00:00:00+00:00"}}\n`,
    );
    expect((await allItems(store))[0]).toMatchObject({
      retainedAt: "2024-01-01T00:00:00+00:00",
      metadata: { _source: "import:ama:p", _created_at: "2024-01-01T00:00:00+00:00" },
    });
  });

  it.each([
    ["skip", { imported: 0, skipped: 1, errors: 0 }, "Ann likes tea."],
    ["error", { imported: 0, skipped: 0, errors: 1 }, "Ann likes tea."],
    ["overwrite", { imported: 1, skipped: 0, errors: 0 }, "Ann likes cocoa."],
  ] as const)("meets a memory that is there with %s", async (onConflict, counts, text) => {
    const { brain, store } = inMemory();
    await importText(brain, `${header(1)}{"id":"1","text":"Ann likes tea."}\n`);
    const again = `${header(1)}{"id":"1","text":"Ann likes cocoa."}\n`;
    expect(await importText(brain, again, { onConflict })).toMatchObject(counts);
    expect((await allItems(store)).map((item) => item.text)).toEqual([text]);
    const { hits } = await brain.recall("Ann likes tea", { bankId });
    expect(hits.map((hit) => hit.text)).toEqual([text]);
  });

  it("takes the last of several with one id when it overwrites, and the first otherwise", async () => {
    const text = `${header(2)}{"id":"1","text":"First."}\n{"id":"1","text":"Second."}\n`;
    const skipping = inMemory();
    expect(await importText(skipping.brain, text)).toMatchObject({ imported: 1, skipped: 1 });
    expect((await allItems(skipping.store)).map((item) => item.text)).toEqual(["First."]);
    const overwriting = inMemory();
    await importText(overwriting.brain, text, { onConflict: "overwrite" });
    expect((await allItems(overwriting.store)).map((item) => item.text)).toEqual(["Second."]);
  });

  it("replaces nothing in a bank under a legal hold", async () => {
    const { brain, store } = inMemory();
    await importText(brain, two);
    await brain.setLegalHold(bankId, "case-1");
    const again = two.replace("tea", "cocoa");
    await expect(importText(brain, again, { onConflict: "overwrite" })).rejects.toMatchObject({
      code: "ASTROCYTE_LEGAL_HOLD_ACTIVE",
    });
    expect(await importText(brain, again)).toMatchObject({ skipped: 2 });
    expect((await allItems(store)).map((item) => item.text)).toContain("Ann likes tea.");
  });

  it("holds what it stores to the policies, and the bank's rate does not stop it", async () => {
    const text = `${header(3)}{"id":"1","text":"Mail ann@example.com today.","metadata":{"password":"x","k":1}}\n{"id":"2","text":"Two."}\n{"id":"3","text":"Three."}\n`;
    const limits = { homeostasis: { rate_limits: { retain_per_minute: 1 } } };
    const redacting = inMemory({
      ...limits,
      barriers: { pii: { mode: "regex", action: "redact" } },
    });
    expect(await importText(redacting.brain, text)).toMatchObject({ imported: 3 });
    const [first] = await allItems(redacting.store);
    expect(first?.text).not.toContain("ann@example.com");
    expect(first?.metadata).toMatchObject({ k: 1 });
    expect(first?.metadata).not.toHaveProperty("password");
    const rejecting = inMemory({ barriers: { pii: { mode: "regex", action: "reject" } } });
    const result = await importText(rejecting.brain, text);
    expect(result).toMatchObject({
      imported: 2,
      errors: 1,
      problems: [expect.stringContaining("line 2:")],
    });
    expect(JSON.stringify(result)).not.toContain("ann@example.com");
  });

  it("counts wrong memories and lines that hold none, skips blank ones, and says which", async () => {
    const { brain } = inMemory();
    const lines = [
      '{"id":"1"}',
      "not json",
      "[1]",
      "",
      '{"id":"2","text":"ok"}',
      '{"id":"3","text":null}',
      '{"id":"4","text":"x","metadata":{"a":{}}}',
      "   ",
    ];
    const result = await importText(brain, header(1) + lines.join("\r\n"));
    expect(result).toMatchObject({ imported: 1, errors: 2, malformed: 3 });
    expect(result.problems.map((problem) => problem.slice(0, 7))).toEqual([
      "line 2:",
      "line 3:",
      "line 4:",
      "line 7:",
      "line 8:",
      "the hea",
    ]);
  });

  it("reads bytes that are cut anywhere", async () => {
    const bytes = new TextEncoder().encode(`${header(1)}{"id":"1","text":"日本語 🎉"}\n`);
    const { brain, store } = inMemory();
    await brain.importBank(
      Array.from(bytes, (byte) => Uint8Array.of(byte)),
      { bankId },
    );
    expect((await allItems(store))[0]?.text).toBe("日本語 🎉");
  });

  it.each([
    ["", "empty"],
    ["\n{}", "empty"],
    ['{"bank_id":"b"}\n', "missing _ama_version"],
    ["not json\n", "missing _ama_version"],
    [header(0, { _ama_version: 2 }), "Unsupported AMA version 2 (expected 1)"],
    [header(0, { _ama_version: "1" }), 'Unsupported AMA version "1" (expected 1)'],
    [header(0, { bank_id: 5 }), "'bank_id'"],
    [header(0, { provider: null }), "'provider'"],
    [header(0, { memory_count: true }), "'memory_count'"],
  ])("refuses the header %j", async (text, message) => {
    const { brain } = inMemory();
    await expect(importText(brain, text)).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
      message: expect.stringContaining(message),
    });
  });

  it.each([[new Uint8Array([0xff, 0xfe, 0x00])], [new Uint8Array([0x7b, 0xe6])]])(
    "refuses bytes that are no UTF-8",
    async (bytes) => {
      const { brain } = inMemory();
      await expect(brain.importBank([bytes], { bankId })).rejects.toMatchObject({
        code: "ASTROCYTE_INVALID_ARGUMENT",
      });
    },
  );

  it.each([[undefined], [5], [{}]])("refuses %o as a file", async (source) => {
    const { brain } = inMemory();
    await expect(brain.importBank(source as never, { bankId })).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
    });
  });

  it("stops at a store that fails, and can go on", async () => {
    const { brain, store } = inMemory();
    const lines = Array.from(
      { length: 250 },
      (_, index) => `{"id":"${index}","text":"Fact ${index}."}`,
    );
    const text = header(250) + lines.join("\n");
    const storeVectors = store.storeVectors.bind(store);
    let calls = 0;
    store.storeVectors = (items, options) => {
      calls += 1;
      return calls === 2 ? Promise.reject(new Error("disk full")) : storeVectors(items, options);
    };
    await expect(importText(brain, text)).rejects.toThrow("disk full");
    expect(await allItems(store)).toHaveLength(100);
    const progress: [number, number][] = [];
    const onProgress = (done: number, total: number) => void progress.push([done, total]);
    expect(await importText(brain, text, { onProgress })).toMatchObject({
      imported: 150,
      skipped: 100,
    });
    expect(progress).toEqual([
      [100, 250],
      [200, 250],
      [250, 250],
    ]);
  });

  it("closes what it reads when it stops early", async () => {
    let isClosed = false;
    async function* source() {
      try {
        yield header(2);
        for (;;) yield '{"id":"1","text":"x"}\n';
      } finally {
        isClosed = true;
      }
    }
    const { brain } = inMemory();
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    const call = brain.importBank(source(), { bankId, signal: controller.signal, onProgress });
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect(isClosed).toBe(true);
  });
});
