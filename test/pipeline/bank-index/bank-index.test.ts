import * as fc from "fast-check";
import type { VectorItem } from "astrocyte";
import { describe, expect, it } from "vitest";
import { BankIndex, type IndexedMemory } from "../../../src/pipeline/bank-index/bank-index.js";
import { buildBankIndex } from "../../../src/pipeline/bank-index/build-bank-index.js";
import { rankMemories } from "../../../src/pipeline/bank-index/rank-memories.js";
import { toTimestamp } from "../../../src/dto/timestamp.js";
import { hashedEmbedding } from "../../../src/testing/hashed-embeddings.js";

const start = Date.parse("2026-01-01T00:00:00Z");

function memory(id: string, text: string, fields: Partial<VectorItem> = {}): VectorItem {
  return { id, bankId: "b", text, vector: hashedEmbedding(text, 32), ...fields };
}

/** An utterance, so many minutes after the start. */
function said(id: string, text: string, minute: number, session?: string): VectorItem {
  return memory(id, text, {
    occurredAt: toTimestamp(start + minute * 60_000),
    ...(session === undefined ? {} : { metadata: { session_id: session } }),
  });
}

function rank(index: BankIndex, query: string) {
  return rankMemories(index, {
    query,
    queryVector: hashedEmbedding(query, 32),
    accepts: () => true,
    limit: 100,
    nowMs: start,
  });
}

function indexOf(...items: readonly VectorItem[]): BankIndex {
  const index = new BankIndex();
  index.add(items);
  return index;
}

function slots(index: BankIndex): (string | undefined)[] {
  return [...index.livePlaces].map((at) => index.item(at)?.id);
}

/** The ids around a memory, as the index links them. */
function neighbours(index: BankIndex): Record<string, [string | undefined, string | undefined]> {
  const ids: Record<string, [string | undefined, string | undefined]> = {};
  const { previous, next } = index.columns;
  const idAt = (slot: number | undefined) => index.item(slot ?? -1)?.id;
  for (const at of index.livePlaces) {
    ids[idAt(at) ?? ""] = [idAt(previous[at]), idAt(next[at])];
  }
  return ids;
}

describe("the index of a bank", () => {
  it("links memories of a session in the order in which they happened", () => {
    const index = indexOf(said("c", "three", 9, "s"), said("a", "one", 1, "s"));
    index.add([said("b", "two", 5, "s"), said("x", "elsewhere", 6, "t")]);
    expect(neighbours(index)).toEqual({
      a: [undefined, "b"],
      b: ["a", "c"],
      c: ["b", undefined],
      x: [undefined, undefined],
    });
    index.remove(["b"]);
    expect(neighbours(index)["a"]).toEqual([undefined, "c"]);
  });

  it("links utterances that follow each other, and leaves texts that nobody says alone", () => {
    const index = indexOf(
      said("a", "Ana: Where shall we go?", 0),
      said("b", "Ben: To the lake.", 20),
      said("c", "Ana: Good morning!", 90),
      said("d", "A note about the lake", 21),
    );
    expect(neighbours(index)).toEqual({
      a: [undefined, "b"],
      b: ["a", undefined],
      c: [undefined, undefined],
      d: [undefined, undefined],
    });
  });

  it("keeps the order of one call, whose memories have the same times", () => {
    const items = Object.entries({ a: 2, b: 0, c: 1 }).map(([id, position]) =>
      memory(id, id, {
        retainedAt: toTimestamp(start),
        metadata: { session_id: "s", _position: position },
      }),
    );
    expect(neighbours(indexOf(...items))).toEqual({
      a: ["c", undefined],
      b: [undefined, "c"],
      c: ["b", "a"],
    });
  });

  it("links the chunks of one content", () => {
    const chunks = ["first", "second"].map((id) =>
      memory(id, id, { metadata: { _chunk_of: "first" } }),
    );
    expect(neighbours(indexOf(...chunks))["second"]).toEqual(["first", undefined]);
  });

  it("is after any changes what it would be if it were built anew", () => {
    const ids = "abcdefgh".split("");
    const text = fc
      .array(fc.constantFrom("Ana:", "lake", "boat", "tea", "the", "sailing", "when?"), {
        minLength: 1,
        maxLength: 5,
      })
      .map((words) => words.join(" "));
    const item = fc.record({
      id: fc.constantFrom(...ids),
      text,
      minute: fc.integer({ min: 0, max: 5 }),
      session: fc.constantFrom("s", "t", undefined),
    });
    const change = fc.oneof(
      fc.array(item, { maxLength: 4 }).map((items) => ({ items, ids: [] as string[] })),
      fc.subarray(ids, { maxLength: 3 }).map((gone) => ({ items: [], ids: gone })),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12, size: "max" }), text, (changes, query) => {
        const index = new BankIndex();
        const now = new Map<string, VectorItem>();
        for (const { items, ids: gone } of changes) {
          const unique = [...new Map(items.map((one) => [one.id, one])).values()].map((one) =>
            said(one.id, one.text, one.minute, one.session),
          );
          index.add(unique);
          for (const one of unique) now.set(one.id, one);
          index.remove(gone);
          for (const id of gone) now.delete(id);
        }
        expect(index.size).toBe(now.size);
        const sound = (ranked: ReturnType<typeof rank>) =>
          ranked.memories
            .map(
              ({ item: { id }, words, similarity }) =>
                `${id} ${words.toFixed(4)} ${similarity.toFixed(4)}`,
            )
            .toSorted();
        expect(sound(rank(index, query))).toEqual(sound(rank(indexOf(...now.values()), query)));
      }),
      { numRuns: 300 },
    );
  });

  it("is the same built with pauses and at once", async () => {
    const items = Array.from({ length: 450 }, (_, at) =>
      said(
        `m${at}`,
        `Ann: fact ${at % 40} of ${at % 7}`,
        (at * 263) % 450,
        at % 5 === 0 ? "s" : undefined,
      ),
    );
    const [paused, atOnce] = [await buildBankIndex(items), indexOf(...items)];
    expect(slots(paused)).toEqual(slots(atOnce));
    expect(neighbours(paused)).toEqual(neighbours(atOnce));
    expect(rank(paused, "which fact of 3")).toEqual(rank(atOnce, "which fact of 3"));
  });

  it("gives the room of forgotten memories back", () => {
    const index = new BankIndex();
    for (let round = 0; round < 30; round += 1) {
      const items = Array.from({ length: 100 }, (_, at) => memory(`${round}-${at}`, `fact ${at}`));
      index.add(items);
      index.remove(items.map(({ id }) => id));
    }
    expect(index.size).toBe(0);
    expect(index.slotCount).toBeLessThanOrEqual(1_101);
    index.clear();
    expect(rank(index, "fact").memories).toEqual([]);
  });

  it("takes memories without vectors, and vectors of another length, as having none", () => {
    const index = indexOf(
      memory("a", "lake boat"),
      memory("b", "lake", { vector: [] }),
      memory("c", "lake", { vector: [1, 2] }),
    );
    const { memories } = rank(index, "lake boat");
    expect(memories.map(({ item, similarity }) => [item.id, similarity > 0])).toEqual([
      ["a", true],
      ["b", false],
      ["c", false],
    ]);
  });
});

function isShown({ id }: IndexedMemory): boolean {
  return id !== "h";
}

describe("ranking", () => {
  const talk = [
    said("q", "Ana: Where did you learn to sail?", 0, "s"),
    said("a", "Ben: At my uncle's place on the coast, every summer.", 1, "s"),
    said("n", "Ana: Lovely. I prefer mountains.", 2, "s"),
    said("o", "Ben: The printer is broken again and nobody knows why.", 600, "t"),
  ];

  it("finds the answer by the question that it answers", () => {
    expect(rank(indexOf(...talk), "Where did Ben learn to sail?").memories[0]?.item.id).toBe("a");
  });

  it("prefers who is asked about, and a time when one is asked for", () => {
    const index = indexOf(
      said("a", "Ana: I ran a marathon last week.", 0, "s"),
      said("b", "Ben: I ran a marathon once, it was hard.", 0, "t"),
    );
    expect(rank(index, "When did Ana run a marathon?").memories[0]?.item.id).toBe("a");
    expect(rank(index, "What did Ben say of the marathon?").memories[0]?.item.id).toBe("b");
  });

  it("says what each sign added, and the sum is the score", () => {
    const { memories, candidates, topSimilarity } = rank(
      indexOf(...talk),
      "Where did Ben learn to sail?",
    );
    expect(candidates).toBe(4);
    expect(topSimilarity).toBe(Math.max(...memories.map(({ similarity }) => similarity)));
    for (const { score, parts } of memories) {
      expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(score, 6);
    }
  });

  it("does not let what may not be returned move the scores of the rest", () => {
    const hidden = said("h", "Ben: sail sail sail sail", 900, "u");
    const request = { query: "sail", accepts: isShown, limit: 10, nowMs: start };
    const without = rankMemories(indexOf(...talk), request).memories;
    const beside = rankMemories(indexOf(...talk, hidden), request).memories;
    expect(beside.map(({ item }) => item.id)).toEqual(without.map(({ item }) => item.id));
  });

  it("gives no sign of what those say that may not be returned", () => {
    const words = fc
      .array(fc.constantFrom("sail", "boat", "lake?", "12", "yesterday"), { maxLength: 5 })
      .map((parts) => parts.join(" "));
    const utterance = fc.record({
      speaker: fc.constantFrom("Ann", "Ben"),
      text: words,
      other: words,
      minute: fc.integer({ min: 0, max: 40 }),
      session: fc.constantFrom("s", undefined),
      isHidden: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(utterance, { maxLength: 12 }), words, (talked, query) => {
        const [as, otherwise] = (["text", "other"] as const).map((hidden) => {
          const items = talked.map(({ speaker, text, minute, session, isHidden, ...rest }, at) => {
            const spoken = isHidden ? { text, ...rest }[hidden] : text;
            return said(`${isHidden ? "h" : "m"}${at}`, `${speaker}: ${spoken}`, minute, session);
          });
          return rankMemories(indexOf(...items), {
            query,
            queryVector: hashedEmbedding(query, 32),
            accepts: ({ id }) => id.startsWith("m"),
            limit: 100,
            nowMs: start,
          });
        });
        expect(as).toEqual(otherwise);
      }),
      { numRuns: 300 },
    );
  });

  it("ranks any text without failing", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.array(fc.string({ unit: "binary" })),
        (query, texts) => {
          const items = texts.map((text, at) => memory(String(at), text === "" ? "x" : text));
          const { memories } = rank(indexOf(...items), query);
          expect(memories).toHaveLength(items.length);
          for (const { score } of memories) expect(Number.isFinite(score)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
