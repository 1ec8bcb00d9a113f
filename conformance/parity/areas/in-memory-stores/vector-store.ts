import {
  fromWire,
  toWire,
  vectorFiltersSchema,
  vectorHitSchema,
  vectorItemSchema,
} from "astrocyte";
import { createInMemoryVectorStore } from "astrocyte/testing";
import * as z from "zod";
import { bankSchema, limitSchema, textsOf, type Operations } from "./operations.js";

const hitsSchema = z.array(vectorHitSchema);
const itemsSchema = z.array(vectorItemSchema);

function filtersOf({ filters }: Readonly<Record<string, unknown>>) {
  return filters ? { filters: fromWire(vectorFiltersSchema, filters) } : {};
}

export function vectorStoreOperations(): Operations {
  const store = createInMemoryVectorStore();
  return {
    store_vectors: (operation) => store.storeVectors(fromWire(itemsSchema, operation["items"])),
    search_similar: async (operation) => {
      const query = z.array(z.number()).parse(operation["query_vector"]);
      const hits = await store.searchSimilar(query, {
        bankId: bankSchema.parse(operation),
        ...limitSchema.parse(operation),
        ...filtersOf(operation),
      });
      return toWire(hitsSchema, hits);
    },
    delete: (operation) =>
      store.delete(textsOf(operation, "ids"), { bankId: bankSchema.parse(operation) }),
    list_vectors: async (operation) => {
      const { offset } = z.object({ offset: z.int().optional() }).parse(operation);
      const items = await store.listVectors({
        bankId: bankSchema.parse(operation),
        offset,
        ...limitSchema.parse(operation),
      });
      return toWire(itemsSchema, items);
    },
    list_recent_vectors: async (operation) => {
      const items = await store.listRecentVectors({
        bankId: bankSchema.parse(operation),
        ...limitSchema.parse(operation),
        ...filtersOf(operation),
      });
      return toWire(itemsSchema, items);
    },
    get_by_chunk_ids: async (operation) => {
      const hits = await store.getByChunkIds(textsOf(operation, "chunk_ids"), {
        bankId: bankSchema.parse(operation),
      });
      return toWire(hitsSchema, hits);
    },
    health: () => store.health(),
  };
}
