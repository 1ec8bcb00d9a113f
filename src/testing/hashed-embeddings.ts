import { createHash } from "node:crypto";
import { splitWords } from "../internal/whitespace.js";
import { stripPunctuation } from "./strip-punctuation.js";

const defaultDimension = 128;

function bucketOf(token: string, dimension: number): number {
  const digest = createHash("md5").update(token, "utf8").digest("hex");
  return Number(BigInt(`0x${digest}`) % BigInt(dimension));
}

/**
 * A text as a bag of words: each word, without ASCII punctuation at its ends and lower-cased, adds 1 to the bucket that its
 * MD5 digest names, and the sum is scaled to length 1. A text without words is the zero vector.
 *
 * Texts are alike as far as they share words; nothing of their meaning is in it.
 */
export function hashedEmbedding(text: string, dimension = defaultDimension): number[] {
  const vector = Array.from({ length: dimension }, () => 0);
  for (const word of splitWords(text)) {
    const token = stripPunctuation(word).toLowerCase();
    if (token === "") continue;
    const bucket = bucketOf(token, dimension);
    vector[bucket] = (vector[bucket] ?? 0) + 1;
  }
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return norm === 0 ? vector : vector.map((value) => value / norm);
}

/** {@link hashedEmbedding} in the shape of a LangChain `Embeddings`: repeatable, offline, for tests. */
export class HashedEmbeddings {
  readonly dimension: number;

  constructor(options: { readonly dimension?: number | undefined } = {}) {
    this.dimension = options.dimension ?? defaultDimension;
  }

  async embedDocuments(texts: readonly string[]): Promise<number[][]> {
    return texts.map((text) => hashedEmbedding(text, this.dimension));
  }

  async embedQuery(text: string): Promise<number[]> {
    return hashedEmbedding(text, this.dimension);
  }
}
