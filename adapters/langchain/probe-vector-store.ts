import { randomUUID } from "node:crypto";
import { ConfigError } from "astrocyte";
import { callStore, isMethod } from "./call-store.js";
import { isRecord } from "./is-record.js";
import type { LangChainDocumentLike, LangChainVectorStoreLike } from "./vector-store-like.js";
import {
  markerKeys,
  type IdPlace,
  type ScoreMeaning,
  type VectorStoreProfile,
} from "./vector-store-profile.js";

export interface ProbeVectorStoreOptions {
  /** Length of the store's vectors. @defaultValue that of its own embeddings, which embed one word for it */
  readonly dimension?: number | undefined;
  /** How long to wait between writing and searching, for stores that show writes late. @defaultValue 0 */
  readonly settleMs?: number | undefined;
  /** Whether the store's documents outlive the process, which cannot be seen from inside. @defaultValue true */
  readonly isDurable?: boolean | undefined;
}

export interface ProbeResult {
  readonly profile: VectorStoreProfile;
  /** What the store did that the profile has no place for. */
  readonly notes: readonly string[];
  /** Texts of the probe's documents that could not be removed; each begins with `astrocyte probe`. */
  readonly leftBehind: readonly string[];
}

interface Found {
  readonly label: string;
  readonly id: string | undefined;
  readonly score: number;
  readonly place: number;
}

interface Probe {
  readonly label: string;
  readonly id: string;
  readonly vector: number[];
}

async function succeeds(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch {
    return false;
  }
}

async function dimensionOf(store: LangChainVectorStoreLike, given: number | undefined) {
  if (given !== undefined) return given;
  const embeddings: unknown = isRecord(store) ? store["embeddings"] : undefined;
  const embed: unknown = isRecord(embeddings) ? embeddings["embedQuery"] : undefined;
  const vector: unknown = isMethod(embed) ? await embed.call(embeddings, "probe") : undefined;
  if (Array.isArray(vector) && vector.length > 1) return vector.length;
  throw new ConfigError("probeVectorStore: pass the dimension of the store's vectors, at least 2");
}

/** A unit vector at an angle to the first axis. */
function at(angle: number, dimension: number): number[] {
  const vector = Array.from({ length: dimension }, () => 0);
  vector[0] = Math.cos(angle);
  vector[1] = Math.sin(angle);
  return vector;
}

/** What scores of documents at 0, 45 and 90 degrees are under each meaning. */
const meanings: readonly (readonly [ScoreMeaning, readonly number[]])[] = [
  ["cosine similarity", [1, Math.SQRT1_2, 0]],
  ["cosine distance", [0, 1 - Math.SQRT1_2, 1]],
  ["euclidean distance", [0, Math.sqrt(2 - Math.SQRT2), Math.SQRT2]],
  ["squared euclidean distance", [0, 2 - Math.SQRT2, 2]],
];

function meaningOf(scores: readonly number[]): ScoreMeaning {
  if (scores.length < 3 || !scores.every(Number.isFinite)) return "rank";
  for (const [meaning, expected] of meanings) {
    if (expected.every((value, index) => Math.abs(value - (scores[index] ?? 0)) < 0.01)) {
      return meaning;
    }
  }
  const [first = 0, second = 0, third = 0] = scores;
  // Places in the list are no scores.
  if (scores.every(Number.isInteger)) return "rank";
  if (first > second && second > third) return "similarity";
  return first < second && second < third ? "distance" : "rank";
}

class Prober {
  readonly #store: LangChainVectorStoreLike;
  readonly #settleMs: number;
  readonly #bank = `astrocyte-probe-${randomUUID()}`;

  constructor(store: LangChainVectorStoreLike, settleMs: number) {
    this.#store = store;
    this.#settleMs = settleMs;
  }

  async add(probes: readonly Probe[], options: unknown): Promise<unknown> {
    const documents = probes.map(({ label, id }): LangChainDocumentLike => ({
      id,
      pageContent: `astrocyte probe ${label}`,
      metadata: {
        [markerKeys.bank]: this.#bank,
        [markerKeys.id]: label,
        [markerKeys.version]: id,
      },
    }));
    const vectors = probes.map(({ vector }) => [...vector]);
    const returned = await callStore(this.#store, "addVectors", vectors, documents, options);
    await new Promise((resolve) => setTimeout(resolve, this.#settleMs));
    return returned;
  }

  /** The probe's documents among the nearest of a vector, best first. */
  async find(vector: readonly number[], filter?: unknown): Promise<Found[]> {
    for (let k = 20; ; k *= 5) {
      const results = await callStore(
        this.#store,
        "similaritySearchVectorWithScore",
        [...vector],
        k,
        ...(filter === undefined ? [] : [filter]),
      );
      const list: readonly unknown[] = Array.isArray(results) ? results : [];
      const found = list.flatMap((result, place) => this.#own(result, place));
      if (found.length > 2 || list.length < k || k >= 2500) return found;
    }
  }

  #own(result: unknown, place: number): Found[] {
    const [document, score]: readonly unknown[] = Array.isArray(result) ? result : [];
    if (!isRecord(document) || !isRecord(document["metadata"])) return [];
    const { id, metadata } = document;
    const label = metadata[markerKeys.id];
    if (metadata[markerKeys.bank] !== this.#bank || typeof label !== "string") return [];
    const storeId = typeof id === "string" || typeof id === "number" ? String(id) : undefined;
    return [{ label, id: storeId, score: typeof score === "number" ? score : NaN, place }];
  }

  /** Whether a filter for the probe's documents finds them all, and one for others none. */
  async filters(vector: readonly number[], make: (bank: string) => unknown): Promise<boolean> {
    try {
      const all = await this.find(vector, make(this.#bank));
      const none = await this.find(vector, make(`${this.#bank}-other`));
      return all.length >= 3 && none.length === 0;
    } catch {
      return false;
    }
  }

  delete(ids: readonly string[]): Promise<unknown> {
    return callStore(this.#store, "delete", { ids: [...ids] });
  }
}

function idsIn(returned: unknown): string[] {
  return Array.isArray(returned) ? returned.map(String) : [];
}

/** Where the store takes ids from, by what its documents and answers are called. */
function idPlace(probes: readonly Probe[], found: readonly Found[], returned: unknown): IdPlace {
  const own = new Set(probes.map(({ id }) => id));
  const list: readonly unknown[] = Array.isArray(returned) ? returned : [];
  const isOwn = found.length > 0 && found.every(({ id }) => id !== undefined && own.has(id));
  if (isOwn) return "options.ids";
  const isReturned = list.length === probes.length;
  if (isReturned && list.every((id) => typeof id === "string" && own.has(id))) return "options.ids";
  return isReturned ? "returned" : "none";
}

/**
 * Finds out what an unknown LangChain vector store does: writes marked documents, searches, adds one again, filters, deletes, and
 * looks what is left. Nothing but these documents is touched, and no call is made that deletes otherwise than by their ids.
 *
 * @throws ConfigError without a dimension, and when what was written is not found.
 */
export async function probeVectorStore(
  store: LangChainVectorStoreLike,
  { dimension, settleMs = 0, isDurable = true }: ProbeVectorStoreOptions = {},
): Promise<ProbeResult> {
  const size = await dimensionOf(store, dimension);
  const prober = new Prober(store, settleMs);
  const probes = [0, Math.PI / 4, Math.PI / 2].map((angle, index): Probe => ({
    label: `${index}`,
    id: randomUUID(),
    vector: at(angle, size),
  }));
  const [first] = probes;
  const query = at(0, size);
  const notes: string[] = [];
  const returned = await prober.add(probes, { ids: probes.map(({ id }) => id) });
  const found = await prober.find(query);
  if (first === undefined || found.length < probes.length) {
    throw new ConfigError(
      `probeVectorStore: of ${probes.length} documents that were written, ${found.length} were found; ` +
        "a store that shows writes late wants settleMs, one with a schema fields for the metadata",
    );
  }
  const byLabel = new Map(found.map((one) => [one.label, one]));
  const scores = probes.map(({ label }) => byLabel.get(label)?.score ?? NaN);
  const ids = idPlace(probes, found, returned);
  const isFunction = await prober.filters(
    query,
    (bank) => (document: LangChainDocumentLike) => document.metadata[markerKeys.bank] === bank,
  );
  const isObject =
    !isFunction && (await prober.filters(query, (bank) => ({ [markerKeys.bank]: bank })));
  let returnedAgain: unknown;
  const again = await succeeds(async () => {
    returnedAgain = await prober.add([first], { ids: [first.id] });
  });
  const copies = (await prober.find(query)).filter(({ label }) => label === first.label).length;
  const upserts = ids === "options.ids" && again && copies === 1;
  if (!again) notes.push("a second document of the same id is refused");
  if (copies > 1) notes.push("a second document of the same id stands beside the first");

  const given = idsIn(returned);
  const storeIds = ids === "returned" ? given : probes.map(({ id }) => id);
  const [target = ""] = storeIds;
  const canDelete = await succeeds(() => prober.delete([target]));
  const afterOne = await prober.find(query);
  const others = probes.slice(1).every(({ label }) => afterOne.some((one) => one.label === label));
  const deletedCopies = copies - afterOne.filter(({ label }) => label === first.label).length;
  const deletes = canDelete && others && deletedCopies > 0;
  if (canDelete && !others) notes.push("deleting one document by its id deleted others too");
  if (canDelete && deletedCopies === 0)
    notes.push("delete says that it worked, and deletes nothing");
  if (deletes) {
    // Also those that a search does not show: an index may lose sight of a document beside one that was deleted.
    const shown = afterOne.flatMap(({ id }) => (id === undefined ? [] : [id]));
    for (const id of new Set([...storeIds, ...idsIn(returnedAgain), ...shown])) {
      await succeeds(() => prober.delete([id]));
    }
  }
  const left = await prober.find(query);
  return {
    profile: {
      score: meaningOf(scores),
      ids,
      // The probe's ids are UUIDs; whether others do is not worth a document that may stay.
      idsAreUuids: ids === "options.ids",
      upserts,
      deletes,
      filter: isFunction ? "function" : isObject ? "object" : "none",
      isDurable,
    },
    notes,
    leftBehind: left.map(({ label }) => `astrocyte probe ${label}`),
  };
}
