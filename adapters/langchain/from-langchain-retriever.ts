import { createHash } from "node:crypto";
import { metadataSchema, toTimestamp, type CallOptions, type MemoryHit } from "astrocyte";
import * as z from "zod";
import { isRecord } from "./is-record.js";
import type { LangChainRetrieverLike } from "./langchain-like.js";
import { toProviderError } from "./provider-error.js";
import { raceWithSignal } from "../internal/race-with-signal.js";

export interface FromLangChainRetrieverOptions {
  /** Most documents to take, the first ones. @defaultValue all */
  readonly limit?: number | undefined;
  /** Of the source, in hits and errors. @defaultValue `langchain` */
  readonly name?: string | undefined;
  /** The key of a document's metadata that holds its date. @defaultValue none is read */
  readonly dateKey?: string | undefined;
  /** The key of a document's metadata that holds its tags, a list of texts. @defaultValue none is read */
  readonly tagsKey?: string | undefined;
}

/** Finds documents for a query, as `externalContext` of `brain.recall` takes them. */
export type ExternalSource = (query: string, options?: CallOptions) => Promise<MemoryHit[]>;

const idDigits = 24;

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((tag) => typeof tag === "string") : [];
}

const dateSchema = z
  .union([z.string(), z.number(), z.date()])
  .transform((value) => toTimestamp(value));

/** Undefined for what is no date. */
function dateIn(value: unknown): string | undefined {
  try {
    return dateSchema.parse(value);
  } catch {
    return undefined;
  }
}

/** What a hit's metadata can hold: the flat facts. */
function flatFacts(metadata: Record<string, unknown>): MemoryHit["metadata"] {
  const facts: Record<string, string | number | boolean | null> = {};
  for (const [key, value] of Object.entries(metadata)) {
    // Such keys are the framework's own.
    if (key.startsWith("_")) continue;
    const one = metadataSchema.safeParse({ [key]: value });
    if (one.success) Object.assign(facts, one.data);
  }
  return Object.keys(facts).length === 0 ? undefined : facts;
}

/**
 * Any LangChain retriever as a source of `externalContext`, whose documents are fused with what a brain recalls:
 * `brain.recall(query, { bankId, externalContext: await search(query) })`.
 *
 * The first document scores 1, the n-th 1/n: retrievers have no common score. Documents without text are left out. A hit's id is the
 * document's, with the source's name before it, or else one of its text; nested metadata and keys that start with `_` are left out.
 * The retriever gets `signal` in its config, which most ignore: an abort rejects at once all the same.
 *
 * @throws The source: ProviderUnavailableError for an outage, AuthorizationError for refused credentials, TypeError when the retriever
 *   gives no list; other errors of the retriever as they are.
 */
export function fromLangChainRetriever(
  retriever: LangChainRetrieverLike,
  {
    limit = Number.POSITIVE_INFINITY,
    name = "langchain",
    dateKey,
    tagsKey,
  }: FromLangChainRetrieverOptions = {},
): ExternalSource {
  function toHit(document: unknown): Omit<MemoryHit, "score">[] {
    if (!isRecord(document)) return [];
    const { pageContent: text, id } = document;
    if (typeof text !== "string" || text.trim() === "") return [];
    const metadata = isRecord(document["metadata"]) ? document["metadata"] : {};
    const facts = flatFacts(metadata);
    const occurredAt = dateKey === undefined ? undefined : dateIn(metadata[dateKey]);
    const tags = tagsKey === undefined ? [] : textsIn(metadata[tagsKey]);
    const ownId = typeof id === "string" && id !== "" ? id : undefined;
    const textId = createHash("sha256").update(text).digest("hex").slice(0, idDigits);
    return [
      {
        text,
        source: name,
        // A memory of the bank may have the same id, and would swallow the document.
        memoryId: `ext-${name}-${ownId ?? textId}`,
        ...(facts === undefined ? {} : { metadata: facts }),
        ...(occurredAt === undefined ? {} : { occurredAt }),
        ...(tags.length === 0 ? {} : { tags }),
      },
    ];
  }

  return async (query, { signal } = {}) => {
    signal?.throwIfAborted();
    let documents: unknown;
    try {
      const config = signal === undefined ? {} : { signal };
      documents = await raceWithSignal(retriever.invoke(query, config), signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw toProviderError(name, error);
    }
    if (!Array.isArray(documents)) {
      throw new TypeError(`The retriever "${name}" gave no list of documents`);
    }
    return documents
      .flatMap(toHit)
      .slice(0, limit)
      .map((hit, place) => ({ ...hit, score: 1 / (place + 1) }));
  };
}
