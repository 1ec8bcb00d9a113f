import * as z from "zod";
import { matchesFilters } from "../dto/filters.js";
import { parseShape } from "../dto/parse.js";
import {
  vectorFiltersSchema,
  vectorItemSchema,
  type VectorFilters,
  type VectorHit,
  type VectorItem,
} from "../dto/vector.js";
import { DimensionMismatchError } from "../errors.js";
import type { VectorStore } from "../spi/vector-store.js";
import { Banked } from "./banked.js";
import { cosineSimilarity } from "../internal/vector-math.js";
import { Lifetime } from "./lifetime.js";
import { compareIds } from "./order.js";
import { refuseUnknownKeys, type ProviderConfig, type TestingContext } from "./provider-options.js";

const name = "in_memory";
const itemsSchema = z.array(vectorItemSchema);
const querySchema = z.array(z.number());

function toHit(item: VectorItem, score: number): VectorHit {
  const { bankId: _bankId, vector: _vector, ...memory } = item;
  return { ...structuredClone(memory), score };
}

/** A structured clone of a vector takes three times its room, and as much longer. */
function copyOf({ vector, ...memory }: VectorItem): VectorItem {
  return { ...structuredClone(memory), vector: vector.slice() };
}

function compareItems(a: VectorItem, b: VectorItem): number {
  return compareIds(a.id, b.id);
}

/** Latest first; a memory without any date comes last. */
function compareRecent(a: VectorItem, b: VectorItem): number {
  const left = a.occurredAt ?? a.retainedAt ?? "";
  const right = b.occurredAt ?? b.retainedAt ?? "";
  return compareIds(right, left) || compareItems(a, b);
}

/**
 * A vector store in the process's memory, with every optional method. It compares against every item of a bank.
 *
 * The first vector that is not empty fixes the dimension for as long as the store lives. Items with an empty vector are
 * listed, and are never found by similarity.
 */
export function createInMemoryVectorStore(
  config: ProviderConfig = {},
  _context: TestingContext = {},
): Required<Omit<VectorStore, "atomically" | "compact" | "needsCompaction">> {
  refuseUnknownKeys("in_memory vector store", config, []);
  const lifetime = new Lifetime("in_memory vector store");
  const banks = new Banked<VectorItem>();
  let dimension: number | undefined;
  let revision = 0;
  /** What was listed last, so that paging through a bank sorts it once. */
  let listed: { bankId: string; items: VectorItem[] } | undefined;

  function filtered(bankId: string, filters: VectorFilters | undefined): VectorItem[] {
    const wanted =
      filters === undefined
        ? undefined
        : parseShape(vectorFiltersSchema, filters, "in_memory vector store filters");
    return banks.values(bankId).filter((item) => matchesFilters(item, wanted));
  }

  function sorted(bankId: string): VectorItem[] {
    if (listed?.bankId !== bankId) {
      listed = { bankId, items: banks.values(bankId).toSorted(compareItems) };
    }
    return listed.items;
  }

  function noteChange(): void {
    revision += 1;
    listed = undefined;
  }

  return {
    spiVersion: 1,
    name,
    capabilities: {
      supportsDelete: true,
      supportsListing: true,
      honouredFilters: ["tags", "factTypes", "timeRange", "metadataFilters", "asOf", "sessionId"],
      scoreMeaning: "similarity",
      acceptsEmptyVectors: true,
      indexesText: false,
    },

    async storeVectors(items, options) {
      lifetime.enter(options);
      const parsed = parseShape(itemsSchema, items, "in_memory vector store items");
      let expected = dimension;
      for (const { vector } of parsed) {
        if (vector.length === 0) continue;
        expected ??= vector.length;
        if (vector.length !== expected) {
          throw new DimensionMismatchError(name, expected, vector.length);
        }
      }
      dimension = expected;
      for (const item of parsed) banks.set(item.bankId, item.id, item);
      noteChange();
      return parsed.map((item) => item.id);
    },

    async searchSimilar(queryVector, options) {
      lifetime.enter(options);
      const { bankId, limit = 10, filters } = options;
      const query = parseShape(querySchema, queryVector, "in_memory vector store query");
      if (dimension !== undefined && query.length !== dimension) {
        throw new DimensionMismatchError(name, dimension, query.length);
      }
      return filtered(bankId, filters)
        .filter((item) => item.vector.length > 0)
        .map((item) => ({ item, score: cosineSimilarity(query, item.vector) }))
        .toSorted((a, b) => b.score - a.score || compareItems(a.item, b.item))
        .slice(0, Math.max(0, limit))
        .map(({ item, score }) => toHit(item, score));
    },

    async delete(ids, options) {
      lifetime.enter(options);
      noteChange();
      return ids.filter((id) => banks.delete(options.bankId, id)).length;
    },

    async listVectors(options) {
      lifetime.enter(options);
      const { bankId, offset = 0, limit = 100 } = options;
      return sorted(bankId)
        .slice(Math.max(0, offset), Math.max(0, offset) + Math.max(0, limit))
        .map(copyOf);
    },

    async getByIds(ids, options) {
      lifetime.enter(options);
      return [...new Set(ids)].flatMap((id) => {
        const item = banks.get(options.bankId, id);
        return item === undefined ? [] : [copyOf(item)];
      });
    },

    async listRecentVectors(options) {
      lifetime.enter(options);
      const { bankId, limit = 100, filters } = options;
      return filtered(bankId, filters)
        .toSorted(compareRecent)
        .slice(0, Math.max(0, limit))
        .map(copyOf);
    },

    async getByChunkIds(chunkIds, options) {
      lifetime.enter(options);
      const wanted = new Set(chunkIds);
      return banks
        .values(options.bankId)
        .filter((item) => item.chunkId !== undefined && wanted.has(item.chunkId))
        .toSorted(compareItems)
        .map((item) => toHit(item, 1));
    },

    async clearBank(options) {
      lifetime.enter(options);
      noteChange();
      return banks.clear(options.bankId);
    },

    async bankRevision(options) {
      lifetime.enter(options);
      return revision;
    },

    async health(options) {
      options?.signal?.throwIfAborted();
      return { healthy: !lifetime.closed, message: "in-memory vector store" };
    },

    async close() {
      lifetime.close();
      listed = undefined;
      banks.clearAll();
    },
  };
}
