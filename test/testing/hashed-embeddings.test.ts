import { hashedEmbedding, HashedEmbeddings } from "astrocyte/testing";
import { describe, expect, it } from "vitest";

function sparse(vector: readonly number[]): Record<number, number> {
  return Object.fromEntries(vector.flatMap((value, at) => (value === 0 ? [] : [[at, value]])));
}

describe("hashedEmbedding", () => {
  it("is the reference's bag of hashed words", () => {
    expect(sparse(hashedEmbedding("Alice likes dark mode."))).toEqual({
      31: 0.5,
      55: 0.5,
      60: 0.5,
      70: 0.5,
    });
  });

  it.each(["", " \u001c\u3000 ", "... !!"])("is zero for %j, which has no word", (text) => {
    expect(hashedEmbedding(text, 4)).toEqual([0, 0, 0, 0]);
  });

  it.each(["hello", "HELLO!", "\u0085hello\u00a0", "(hello) hello"])(
    "sees the one word of %j",
    (text) => {
      expect(hashedEmbedding(text)).toEqual(hashedEmbedding("hello"));
    },
  );

  it("keeps U+200B, which is no whitespace, in the word", () => {
    expect(hashedEmbedding("hello\u200b")).not.toEqual(hashedEmbedding("hello"));
  });

  it("has length 1 and the asked dimension", () => {
    const vector = hashedEmbedding("one two two three", 7);
    expect(vector).toHaveLength(7);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 12);
  });
});

describe("HashedEmbeddings", () => {
  it("embeds documents and queries alike", async () => {
    const embeddings = new HashedEmbeddings({ dimension: 16 });
    expect(await embeddings.embedDocuments(["a b", "c"])).toEqual([
      await embeddings.embedQuery("a b"),
      await embeddings.embedQuery("c"),
    ]);
  });
});
