import type { EmbeddingProvider } from "astrocyte";

export const dimension = 384;
const vocabulary = 5_000;
const syllables = "ka lo mi ne ru sa ti vo be du".split(" ");

/** Repeatable numbers from 0 to 1: the linear congruential generator of Numerical Recipes, chapter 7. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function word(rank: number): string {
  return String(rank + 10).replaceAll(/\d/g, (digit) => syllables[Number(digit)] ?? "");
}

/** Words of which a few are frequent and most are rare, as in a language. */
export function sentence(seed: number, words = 12): string {
  const random = createRandom(seed);
  return Array.from({ length: words }, () => word(Math.floor(vocabulary * random() ** 3))).join(
    " ",
  );
}

export interface Turn {
  readonly content: string;
  readonly occurredAt: Date;
}

/** Conversations of two, twenty turns a day. */
export function turns(count: number): Turn[] {
  const start = Date.parse("2025-01-01T18:00:00Z");
  return Array.from({ length: count }, (_, at) => ({
    content: `${at % 2 === 0 ? "Ana" : "Ben"}: ${sentence(at)}`,
    occurredAt: new Date(start + Math.floor(at / 20) * 86_400_000 + (at % 20) * 60_000),
  }));
}

/** A vector of length 1 that depends on the text alone. */
export function vectorOf(text: string): number[] {
  let hash = 2_166_136_261;
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  const random = createRandom(hash);
  const vector = Array.from({ length: dimension }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Gives those vectors, and says how long that took, which is not the cost of anyone's memory. */
export function createEmbeddings(): EmbeddingProvider & { readonly spentMs: () => number } {
  let spent = 0;
  return {
    spiVersion: 1,
    name: "repeatable",
    embed: (texts) => {
      const start = performance.now();
      const vectors = texts.map(vectorOf);
      spent += performance.now() - start;
      return Promise.resolve(vectors);
    },
    spentMs: () => spent,
  };
}
