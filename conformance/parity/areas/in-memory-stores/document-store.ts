import {
  documentHitSchema,
  documentSchema,
  fromWire,
  toWire,
  vectorFiltersSchema,
} from "astrocyte";
import { createInMemoryDocumentStore } from "astrocyte/testing";
import * as z from "zod";
import { bankSchema, limitSchema, textOf, type Operations } from "./operations.js";

const hitsSchema = z.array(documentHitSchema);

export function documentStoreOperations(): Operations {
  const store = createInMemoryDocumentStore();
  return {
    store_document: (operation) =>
      store.storeDocument(fromWire(documentSchema, operation["document"]), {
        bankId: bankSchema.parse(operation),
      }),
    search_fulltext: async (operation) => {
      const { filters } = operation;
      const hits = await store.searchFulltext(textOf(operation, "query"), {
        bankId: bankSchema.parse(operation),
        ...limitSchema.parse(operation),
        ...(filters ? { filters: fromWire(vectorFiltersSchema, filters) } : {}),
      });
      return toWire(hitsSchema, hits);
    },
    get_document: async (operation) => {
      const document = await store.getDocument(textOf(operation, "document_id"), {
        bankId: bankSchema.parse(operation),
      });
      return document === undefined ? null : toWire(documentSchema, document);
    },
    health: () => store.health(),
  };
}
