import { createHash } from "node:crypto";
import {
  AstrocyteError,
  assertProvider,
  ProviderRegistry,
  systemClock,
  type EmbeddingCache,
} from "astrocyte";
import { createLocalEmbeddings } from "astrocyte/adapters/local";
import { EngineThread } from "../../../adapters/local/engine-thread.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function dot(left: readonly number[] = [], right: readonly number[] = []): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}

function mostDifferent(left: readonly number[] = [], right: readonly number[] = []): number {
  expect(left).toHaveLength(right.length);
  return Math.max(...left.map((value, index) => Math.abs(value - (right[index] ?? 0))));
}

/** A cache that shows what it holds. */
function memoryCache(held: Record<string, number[]> = {}) {
  const cache = {
    held,
    getEmbeddings: vi.fn<EmbeddingCache["getEmbeddings"]>(async (model, hashes) => {
      const found: Record<string, number[]> = {};
      for (const hash of hashes) {
        const vector = held[`${model} ${hash}`];
        if (vector !== undefined) found[hash] = vector;
      }
      return found;
    }),
    putEmbeddings: vi.fn<EmbeddingCache["putEmbeddings"]>(async (model, vectors) => {
      for (const [hash, vector] of Object.entries(vectors)) held[`${model} ${hash}`] = [...vector];
    }),
  };
  return cache;
}

let shared: Awaited<ReturnType<typeof createLocalEmbeddings>>;
beforeAll(async () => {
  shared = await createLocalEmbeddings();
});
afterAll(() => shared.close());

describe("vectors", () => {
  it("places a question nearer to its answer than to other text", async () => {
    const [answer, other] = await shared.embed([
      "Alice moved to Lisbon last spring and works in a bakery there.",
      "The build fails because the compiler flag was removed.",
    ]);
    const [question] = await shared.embed(["Where does Alice live now?"], { inputType: "query" });
    expect(dot(question, answer)).toBeGreaterThan(dot(question, other) + 0.2);
  });

  it("have the declared dimension and length 1", async () => {
    const [vector] = await shared.embed(["anything"]);
    expect(vector).toHaveLength(shared.dimension);
    expect(shared.dimension).toBe(384);
    expect(dot(vector, vector)).toBeCloseTo(1, 5);
  });

  it("are the same from another instance", async () => {
    const other = await createLocalEmbeddings();
    const text = ["Deterministic or not?"];
    expect(await other.embed(text)).toEqual(await shared.embed(text));
    await other.close();
  });

  it("of a large batch equal those of single texts, in order", async () => {
    const texts = Array.from(
      { length: 30 },
      (_, index) => `Note ${index}: it was ${index % 7} degrees.`,
    );
    const together = await shared.embed(texts);
    const singly = await Promise.all(texts.map(async (text) => (await shared.embed([text]))[0]));
    for (const [index, vector] of together.entries()) {
      expect(mostDifferent(vector, singly[index])).toBeLessThan(1e-5);
    }
    expect(new Set(together.map(String)).size).toBe(30);
  });

  it("of equal texts do not share an array", async () => {
    const [first, second] = await shared.embed(["twin", "twin"]);
    expect(first).toEqual(second);
    expect(first).not.toBe(second);
  });

  it("are none for no text", async () => {
    expect(await shared.embed([])).toEqual([]);
  });
});

describe("hostile text", () => {
  const million = 1_000_000;
  it.each([
    ["nothing", ""],
    ["white space", " \n\t\u00A0"],
    ["a NUL", "a\0b"],
    ["lone surrogates", "\uD800 and \uDC00"],
    ["1 MB of words", "lorem ipsum ".repeat(million / 12)],
    ["1 MB in one word", "x".repeat(million)],
    ["1 MB of ideographs", "漢".repeat(million)],
    ["1 MB of marks on one letter", `e${"\u0301".repeat(million)}`],
    ["1 MB of punctuation", "!?".repeat(million / 2)],
  ])("gives a finite vector for %s", async (_, text) => {
    const [vector] = await shared.embed([text]);
    expect(vector).toHaveLength(384);
    expect(vector?.every(Number.isFinite)).toBe(true);
  });

  it("reads the start of a long text only", async () => {
    const words = "Alice lives in Lisbon. ".repeat(200);
    const [short, long] = await shared.embed([words, words + "Bob lives in Oslo. ".repeat(50_000)]);
    expect(long).toEqual(short);
  });
});

it("cuts before the tokenizer, so that time is bounded", async () => {
  const word = "x".repeat(65_536);
  const [alice, bob] = await shared.embed([`${word} Alice`, `${word} Bob`]);
  expect(alice).toEqual(bob);
});

describe("work", () => {
  it("leaves the event loop free", async () => {
    const longTexts = Array.from(
      { length: 4 },
      (_, index) => `${index} ${"many words here ".repeat(100)}`,
    );
    await shared.embed(["warm"]);
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 5);
    await shared.embed(longTexts);
    clearInterval(timer);
    // On this thread, at most one turn a text.
    expect(turns).toBeGreaterThan(8);
  });

  it("may overlap", async () => {
    const jobs = Array.from({ length: 6 }, (_, job) =>
      Array.from({ length: 5 + job * 10 }, (__, index) => `Job ${job}, text ${index}`),
    );
    const results = await Promise.all(
      jobs.map((texts, job) =>
        shared.embed(texts, { inputType: job % 2 === 0 ? "query" : "document" }),
      ),
    );
    expect(results.map((vectors) => vectors.length)).toEqual([5, 15, 25, 35, 45, 55]);
    const [again] = await shared.embed(["Job 5, text 54"]);
    expect(mostDifferent(again, results[5]?.[54])).toBeLessThan(1e-5);
  });

  it("reports distinct texts, batch by batch", async () => {
    const onProgress = vi.fn<(done: number, total: number) => void>();
    const provider = await createLocalEmbeddings({ batch_size: 2, onProgress });
    await provider.embed(["a", "b", "c", "a", "b"]);
    expect(onProgress.mock.calls).toEqual([
      [2, 3],
      [3, 3],
    ]);
    await provider.close();
  });

  it("rejects with the signal's reason before it starts", async () => {
    const reason = new Error("never mind");
    await expect(shared.embed(["a"], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("stops between batches when aborted, and goes on for others", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const onProgress = vi.fn<(done: number) => void>(() => controller.abort(reason));
    const provider = await createLocalEmbeddings({ batch_size: 1, onProgress });
    await expect(
      provider.embed(["one", "two", "three"], { signal: controller.signal }),
    ).rejects.toBe(reason);
    expect(onProgress).toHaveBeenCalledOnce();
    onProgress.mockImplementation(() => {});
    expect(await provider.embed(["four"])).toHaveLength(1);
    await provider.close();
  });

  it("refuses calls after close, and ends those under way", async () => {
    const provider = await createLocalEmbeddings();
    const underWay = Promise.allSettled([provider.embed(["late"])]);
    await provider.close();
    expect(await underWay).toMatchObject([{ reason: { code: "ASTROCYTE_CLOSED" } }]);
    await expect(provider.embed(["later"])).rejects.toMatchObject({ code: "ASTROCYTE_CLOSED" });
    await provider.close();
  });
});

describe("the cache", () => {
  it("spares the work for known documents", async () => {
    const planted = Array.from({ length: 384 }, (_, index) => index / 384);
    const cache = memoryCache({ [`${shared.modelId} ${sha256("known")}`]: planted });
    const provider = await createLocalEmbeddings({}, { embeddingCache: cache });
    const [known, fresh, twin] = await provider.embed(["known", "fresh", "fresh"]);
    expect(known).toEqual(planted);
    expect(fresh).toEqual((await shared.embed(["fresh"]))[0]);
    expect(twin).toEqual(fresh);
    expect(cache.putEmbeddings).toHaveBeenCalledExactlyOnceWith(
      shared.modelId,
      { [sha256("fresh")]: fresh },
      expect.anything(),
    );
    await provider.embed(["fresh"]);
    expect(cache.putEmbeddings).toHaveBeenCalledOnce();
    await provider.close();
  });

  it("is not needed for a query asked again", async () => {
    const engine = vi.spyOn(EngineThread.prototype, "embed");
    const [first] = await shared.embed(["asked twice"], { inputType: "query" });
    const [second] = await shared.embed(["asked twice"], { inputType: "query" });
    expect(engine).toHaveBeenCalledOnce();
    engine.mockRestore();
    expect(second).toEqual(first);
    expect(second).not.toBe(first);
  });

  it("never sees queries", async () => {
    const cache = memoryCache();
    const provider = await createLocalEmbeddings({}, { embeddingCache: cache });
    await provider.embed(["what?"], { inputType: "query" });
    expect(cache.getEmbeddings).not.toHaveBeenCalled();
    expect(cache.putEmbeddings).not.toHaveBeenCalled();
    await provider.close();
  });

  it("may fail", async () => {
    const broken: EmbeddingCache = {
      getEmbeddings: () => Promise.reject(new Error("disk gone")),
      putEmbeddings: () => Promise.reject(new Error("disk gone")),
    };
    const provider = await createLocalEmbeddings({}, { embeddingCache: broken });
    expect(await provider.embed(["a"])).toEqual(await shared.embed(["a"]));
    await provider.close();
  });

  it("is not believed when its vector is of another size, or not finite", async () => {
    const cache = memoryCache({
      [`${shared.modelId} ${sha256("short")}`]: [1, 2, 3],
      [`${shared.modelId} ${sha256("broken")}`]: Array.from({ length: 384 }, () => Number.NaN),
    });
    const provider = await createLocalEmbeddings({}, { embeddingCache: cache });
    expect(await provider.embed(["short", "broken"])).toEqual(
      await shared.embed(["short", "broken"]),
    );
    await provider.close();
  });
});

describe("configuration", () => {
  it("is found by its name in the registry", async () => {
    const factory = await new ProviderRegistry().resolve("embedding_provider", "local");
    const provider = await factory(
      { batch_size: 8, query_cache_size: null },
      { clock: systemClock },
    );
    assertProvider(provider, "EmbeddingProvider", "local");
    expect(await provider.embed(["a"])).toEqual(await shared.embed(["a"]));
    await provider.close?.();
  });

  it.each([
    ["an unknown key", { batchsize: 8 }, /batchsize/],
    ["a bad value", { batch_size: 0 }, /batch_size/],
    ["text for a number", { query_cache_size: "many" }, /query_cache_size/],
    ["no function", { onProgress: true }, /onProgress/],
  ])("refuses %s", async (_, config, message) => {
    const error: unknown = await createLocalEmbeddings(config).catch((thrown: unknown) => thrown);
    expect(AstrocyteError.isInstance(error) && error.code).toBe("ASTROCYTE_CONFIG");
    expect(error).toHaveProperty("message", expect.stringMatching(message));
  });

  it("refuses the name of another model", async () => {
    await expect(shared.embed(["a"], { model: "text-embedding-3-small" })).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
    });
    expect(await shared.embed(["a"], { model: shared.modelId })).toHaveLength(1);
  });
});
