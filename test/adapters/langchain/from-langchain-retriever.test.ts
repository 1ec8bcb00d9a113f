import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { Document, type DocumentInterface } from "@langchain/core/documents";
import { BaseRetriever } from "@langchain/core/retrievers";
import { BaseDocumentCompressor } from "@langchain/core/retrievers/document_compressors";
import { fromLangChainReranker, fromLangChainRetriever } from "astrocyte/adapters/langchain";
import { HashedEmbeddings } from "astrocyte/testing";
import { describe, expect, it } from "vitest";
import { createBrain } from "../../astrocyte/brain.js";

const bankId = "user-1";

class Given extends BaseRetriever {
  override lc_namespace = ["test"];
  readonly #give: () => Promise<DocumentInterface[]>;

  constructor(give: () => Promise<DocumentInterface[]>) {
    super();
    this.#give = give;
  }

  override _getRelevantDocuments(): Promise<DocumentInterface[]> {
    return this.#give();
  }
}

const given = (...documents: DocumentInterface[]) => new Given(() => Promise.resolve(documents));

describe("fromLangChainRetriever", () => {
  it("brings the documents of a real retriever into a recall, among the memories", async () => {
    const store = new MemoryVectorStore(new HashedEmbeddings());
    await store.addDocuments([
      new Document({ id: "doc-1", pageContent: "The manual says that tea is served at four" }),
    ]);
    const search = fromLangChainRetriever(store.asRetriever(1), { name: "manual" });
    const { brain } = createBrain();
    await brain.retain("Ann likes tea", { bankId });
    const query = "When is tea served?";
    const { hits } = await brain.recall(query, { bankId, externalContext: await search(query) });
    expect(hits.map(({ text }) => text).toSorted()).toEqual([
      "Ann likes tea",
      "The manual says that tea is served at four",
    ]);
    await brain.close();
  });

  it("gives ranks as scores, and takes id, date, tags and flat metadata", async () => {
    const search = fromLangChainRetriever(
      given(
        new Document({
          id: "d1",
          pageContent: "one",
          metadata: { day: "2026-01-02", labels: ["x", 3], pages: 4, nested: {}, _secret: 1 },
        }),
        new Document({ pageContent: " " }),
        new Document({ pageContent: "two", metadata: { day: "tomorrow", labels: "x" } }),
      ),
      { dateKey: "day", tagsKey: "labels" },
    );
    const hits = await search("anything");
    expect(hits).toEqual([
      {
        text: "one",
        score: 1,
        source: "langchain",
        memoryId: "ext-langchain-d1",
        occurredAt: "2026-01-02T00:00:00+00:00",
        tags: ["x"],
        metadata: { day: "2026-01-02", pages: 4 },
      },
      {
        text: "two",
        score: 0.5,
        source: "langchain",
        memoryId: expect.stringMatching(/^ext-langchain-[0-9a-f]{24}$/),
        metadata: { day: "tomorrow", labels: "x" },
      },
    ]);
    expect((await search("anything"))[1]?.memoryId).toBe(hits[1]?.memoryId);
  });

  it("takes no more than limit", async () => {
    const documents = ["a", "b", "c"].map((pageContent) => new Document({ pageContent }));
    const hits = await fromLangChainRetriever(given(...documents), { limit: 2 })("q");
    expect(hits.map(({ text }) => text)).toEqual(["a", "b"]);
  });

  it("rejects on abort though the retriever does not listen, and names an outage", async () => {
    const controller = new AbortController();
    const search = fromLangChainRetriever(new Given(() => new Promise(() => {})));
    const call = search("q", { signal: controller.signal });
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await expect(search("q", { signal: controller.signal })).rejects.toBe(reason);
    const down = new Given(() =>
      Promise.reject(Object.assign(new Error("x"), { code: "ECONNREFUSED" })),
    );
    await expect(fromLangChainRetriever(down, { name: "wiki" })("q")).rejects.toMatchObject({
      code: "ASTROCYTE_PROVIDER_UNAVAILABLE",
      provider: "wiki",
    });
    const nonsense = { invoke: () => Promise.resolve("text") };
    await expect(fromLangChainRetriever(nonsense)("q")).rejects.toThrow(TypeError);
  });
});

type Compress = (documents: DocumentInterface[]) => DocumentInterface[];

class Compressor extends BaseDocumentCompressor {
  readonly #compress: Compress;

  constructor(compress: Compress) {
    super();
    this.#compress = compress;
  }

  override compressDocuments(documents: DocumentInterface[]): Promise<DocumentInterface[]> {
    return Promise.resolve(this.#compress(documents));
  }
}

const rerank = (compress: Compress, options = {}) =>
  fromLangChainReranker(new Compressor(compress), options)("q", ["a", "b", "c"]);

describe("fromLangChainReranker", () => {
  it("takes the scores that a compressor leaves", async () => {
    const scored = await rerank((documents) =>
      documents
        .map((document, at) => ({
          ...document,
          metadata: { ...document.metadata, relevanceScore: at / 10 },
        }))
        .toReversed(),
    );
    expect(scored).toEqual([0, 0.1, 0.2]);
  });

  it("takes the order when one has no score, and puts what was left out last", async () => {
    expect(await rerank((documents) => documents.toReversed())).toEqual([1, 2, 3]);
    const [a = 0, b = 0, c = 0] = await rerank((documents) => documents.slice(2));
    expect(c).toBeGreaterThan(a);
    expect(a).toBeGreaterThan(b);
    const none = await rerank(() => []);
    expect(none.toSorted((x, y) => y - x)).toEqual(none);
    const below = await rerank(
      ([first]) => (first ? [{ ...first, metadata: { ...first.metadata, score: -7 } }] : []),
      { scoreKey: "score" },
    );
    expect(below.toSorted((x, y) => y - x)).toEqual(below);
  });

  it("refuses nonsense, so that the brain keeps its own order", async () => {
    await expect(
      rerank((documents) => documents.map(({ pageContent }) => new Document({ pageContent }))),
    ).rejects.toThrow("dropped the metadata");
    await expect(rerank(() => "text" as never)).rejects.toThrow("no list");
    expect(await fromLangChainReranker(new Compressor(() => []))("q", [])).toEqual([]);
  });

  it("orders what a brain recalls, and an abort rejects", async () => {
    const last = new Compressor((documents) =>
      documents.toSorted((a, b) => b.pageContent.length - a.pageContent.length),
    );
    const { brain } = createBrain({ reranker: fromLangChainReranker(last) });
    for (const text of ["tea", "tea at four", "tea at four in the garden"]) {
      await brain.retain(text, { bankId });
    }
    const { hits } = await brain.recall("tea", { bankId });
    expect(hits.map(({ text }) => text)).toEqual([
      "tea at four in the garden",
      "tea at four",
      "tea",
    ]);
    await brain.close();
    const signal = AbortSignal.abort(new Error("enough"));
    const call = async () => fromLangChainReranker(last)("q", ["a"], { signal });
    await expect(call()).rejects.toThrow("enough");
  });
});
