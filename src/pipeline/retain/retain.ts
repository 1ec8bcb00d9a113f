import type { RetainResult } from "../../dto/retain.js";
import { toTimestamp } from "../../dto/timestamp.js";
import type { VectorItem } from "../../dto/vector.js";
import { ConfigError, IdempotencyConflictError } from "../../errors.js";
import type { BankOptions, CallOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";
import { deleteMemories } from "../forget/delete-memories.js";
import { buildItems } from "./build-items.js";
import { dropDuplicates, type DedupRule } from "./drop-duplicates.js";
import { findRetained } from "./find-retained.js";
import { chunkMemoryId } from "./memory-ids.js";
import { mirrorDocuments } from "./mirror-documents.js";
import {
  prepareContent,
  type KeyedRetainRequest,
  type PreparedContent,
} from "./prepare-content.js";

export interface RetainCallOptions extends BankOptions {
  /** Absent, nothing is compared. */
  readonly dedup?: DedupRule | undefined;
}

const blank: RetainResult = {
  stored: false,
  deduplicated: false,
  curated: false,
  error: "No content after chunking",
};

function result(memoryIds: readonly string[], stored: boolean): RetainResult {
  const [memoryId] = memoryIds;
  return { stored, memoryId, memoryIds: [...memoryIds], deduplicated: !stored, curated: false };
}

function memoryIdsOf({ chunks, firstId }: PreparedContent): string[] {
  return chunks.map((_, index) => chunkMemoryId(firstId, index));
}

/** Embeds the chunks of all contents in one call; the memories of each content. */
async function embedItems(
  pipeline: Pipeline,
  contents: readonly PreparedContent[],
  { signal }: CallOptions,
): Promise<VectorItem[][]> {
  const texts = contents.flatMap(({ chunks }) => chunks);
  const vectors = await pipeline.embedder.embed(texts, { inputType: "document", signal });
  if (vectors === undefined && !pipeline.vectorStore.capabilities.acceptsEmptyVectors) {
    throw new ConfigError(
      `Vector store "${pipeline.vectorStore.name}" keeps no memory without a vector; ` +
        "configure embedding_provider or pass providers.embeddings",
    );
  }
  const retainedAt = toTimestamp(pipeline.clock.now());
  let next = 0;
  return contents.map((content) => {
    const first = next;
    next += content.chunks.length;
    const own = vectors?.slice(first, next);
    return buildItems(content, own, retainedAt, texts.length > 1 ? first : undefined);
  });
}

/** Sorts out what is blank, repeated in this call, or stored by an earlier one; `results` gets their answers. */
async function selectNew(
  pipeline: Pipeline,
  contents: readonly PreparedContent[],
  results: RetainResult[],
  options: BankOptions,
): Promise<PreparedContent[]> {
  options.signal?.throwIfAborted();
  const keyed = contents.filter(({ isKeyed, chunks }) => isKeyed && chunks.length > 0);
  const retained = await findRetained(pipeline, keyed, options);
  const fresh = new Map<string, PreparedContent>();
  for (const [index, content] of contents.entries()) {
    const { firstId, isKeyed } = content;
    if (content.chunks.length === 0) {
      results[index] = blank;
      continue;
    }
    const twin = fresh.get(firstId);
    if (twin !== undefined && !isKeyed) {
      throw new ConfigError(`createId gave the id "${firstId}" twice; ids must not repeat`);
    }
    if (twin !== undefined && twin.content !== content.content) {
      throw new IdempotencyConflictError(options.bankId, firstId);
    }
    const known = retained.get(firstId) ?? (twin === undefined ? undefined : memoryIdsOf(twin));
    results[index] = result(known ?? memoryIdsOf(content), known === undefined);
    if (known === undefined) fresh.set(firstId, content);
  }
  return [...fresh.values()];
}

/** Stores what is no duplicate; gives the answer of every content, by its first id, that differs from "all stored". */
async function store(
  pipeline: Pipeline,
  contents: readonly PreparedContent[],
  { dedup, ...options }: RetainCallOptions,
): Promise<Map<string, RetainResult>> {
  const answers = new Map<string, RetainResult>();
  const kept: VectorItem[] = [];
  const replacedIds: string[] = [];
  for (const [index, items] of (await embedItems(pipeline, contents, options)).entries()) {
    const { firstId = "" } = contents[index] ?? {};
    const outcome =
      dedup === undefined
        ? { kept: items, replacedIds: [], refusal: undefined }
        : await dropDuplicates(pipeline, items, dedup, options);
    kept.push(...outcome.kept);
    replacedIds.push(...outcome.replacedIds);
    if (outcome.refusal !== undefined) answers.set(firstId, outcome.refusal);
    else if (outcome.kept.length < items.length) {
      answers.set(
        firstId,
        result(
          outcome.kept.map(({ id }) => id),
          true,
        ),
      );
    }
  }
  options.signal?.throwIfAborted();
  if (kept.length === 0) return answers;
  const { signal } = options;
  await pipeline.indexes.write(
    options.bankId,
    () => pipeline.vectorStore.storeVectors(kept, { signal }),
    (index) => index.add(kept),
  );
  const whole = await mirrorDocuments(pipeline, kept, { signal });
  for (const { bankId, id, vector } of kept) {
    // One that is not whole must not keep its repetition out, which would heal it.
    if (vector.length > 0 && whole.has(id)) pipeline.dedup.add(bankId, id, vector);
  }
  // Last, so that a failure on the way leaves both and loses neither.
  if (replacedIds.length > 0) await deleteMemories(pipeline, replacedIds, options);
  return answers;
}

/**
 * Stores contents of one bank: normalise, chunk, look up keyed ones, embed in one call, drop duplicates, store in one call,
 * mirror.
 *
 * @returns One result a request, in order. A blank content is `stored: false` with `error`; a keyed content that is there
 *   already is `stored: false, deduplicated: true` with its ids.
 * @throws IdempotencyConflictError when a key was used before with other content; then nothing of the call is stored.
 */
export async function retain(
  pipeline: Pipeline,
  requests: readonly KeyedRetainRequest[],
  options: RetainCallOptions,
): Promise<RetainResult[]> {
  const contents = requests.map((request) => prepareContent(pipeline, request));
  // Looking a key up and storing under it must not interleave with another call of this process.
  const keys = contents.filter(({ isKeyed }) => isKeyed).map(({ firstId }) => firstId);
  return pipeline.retainMutex.run(keys, async () => {
    const results: RetainResult[] = [];
    const fresh = await selectNew(pipeline, contents, results, options);
    if (fresh.length === 0) return results;
    const answers = await store(pipeline, fresh, options);
    return results.map((planned, index) => answers.get(contents[index]?.firstId ?? "") ?? planned);
  });
}
