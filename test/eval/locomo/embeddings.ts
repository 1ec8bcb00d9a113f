import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { EmbeddingProvider } from "astrocyte";
import { createLocalEmbeddings } from "astrocyte/adapters/local";
import { createSqliteStore } from "astrocyte/adapters/sqlite";
import { hashedEmbedding } from "astrocyte/testing";
import { EvalInputError } from "../eval-input-error.js";

const cacheFolder = join(import.meta.dirname, "../../../node_modules/.cache/astrocyte");

/** Remembers what it embedded in this process, questions too: every way of searching asks with the same vectors. */
function remembering(provider: EmbeddingProvider): EmbeddingProvider {
  const known = new Map<string, number[]>();
  return {
    spiVersion: 1,
    name: provider.name,
    async embed(texts, options) {
      const fresh = [...new Set(texts)].filter((text) => !known.has(text));
      const vectors = await provider.embed(fresh, options);
      for (const [at, text] of fresh.entries()) known.set(text, vectors[at] ?? []);
      return texts.map((text) => known.get(text) ?? []);
    },
    close: async () => provider.close?.(),
  };
}

/**
 * The embeddings that an evaluation is asked for; those of `local` are kept on disk.
 *
 * @throws EvalInputError for another name.
 */
export async function evalEmbeddings(name: string): Promise<EmbeddingProvider | undefined> {
  if (name === "none") return undefined;
  if (name === "hashed") {
    return {
      spiVersion: 1,
      name,
      embed: (texts) => Promise.resolve(texts.map((text) => hashedEmbedding(text, 256))),
    };
  }
  if (name !== "local")
    throw new EvalInputError(`--embeddings ${name}: give local, none or hashed`);
  mkdirSync(cacheFolder, { recursive: true });
  const cache = await createSqliteStore({ path: join(cacheFolder, "eval-embeddings.db") });
  const local = await createLocalEmbeddings({}, { embeddingCache: cache });
  return remembering({
    spiVersion: 1,
    name: local.name,
    embed: (texts, options) => local.embed(texts, options),
    close: async () => {
      await local.close?.();
      await cache.close?.();
    },
  });
}
