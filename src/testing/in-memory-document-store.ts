import { documentSchema, type Document } from "../dto/document.js";
import { matchesFilters } from "../dto/filters.js";
import { parseShape } from "../dto/parse.js";
import { vectorFiltersSchema } from "../dto/vector.js";
import type { DocumentStore } from "../spi/document-store.js";
import { Banked } from "./banked.js";
import { Lifetime } from "./lifetime.js";
import { compareIds } from "./order.js";
import { refuseUnknownKeys, type ProviderConfig, type TestingContext } from "./provider-options.js";
import { lowerCaseTerms, termOverlap } from "./term-overlap.js";

const honouredFiltersSchema = vectorFiltersSchema.pick({
  bankId: true,
  tags: true,
  metadataFilters: true,
  sessionId: true,
});

/**
 * A full-text store in the process's memory.
 *
 * A document scores `|query terms ∩ its terms| / |query terms|` over lower-cased words between whitespace; one without a
 * common term is left out. Of the filters it honours those on tags and metadata; a document has no fact type and no date.
 */
export function createInMemoryDocumentStore(
  config: ProviderConfig = {},
  _context: TestingContext = {},
): Required<DocumentStore> {
  refuseUnknownKeys("in_memory document store", config, []);
  const lifetime = new Lifetime("in_memory document store");
  const banks = new Banked<Document>();

  return {
    spiVersion: 1,
    name: "in_memory",

    async storeDocument(document, options) {
      lifetime.enter(options);
      const parsed = parseShape(documentSchema, document, "in_memory document");
      banks.set(options.bankId, parsed.id, parsed);
      return parsed.id;
    },

    async searchFulltext(query, options) {
      lifetime.enter(options);
      const { bankId, limit = 10, filters } = options;
      const wanted = parseShape(
        honouredFiltersSchema,
        filters ?? {},
        "in_memory document store filters",
      );
      const terms = lowerCaseTerms(query);
      return banks
        .values(bankId)
        .filter((document) => matchesFilters({ ...document, bankId }, wanted))
        .map((document) => ({ document, score: termOverlap(terms, document.text) }))
        .filter(({ score }) => score > 0)
        .toSorted((a, b) => b.score - a.score || compareIds(a.document.id, b.document.id))
        .slice(0, Math.max(0, limit))
        .map(({ document, score }) => {
          const { id, text, metadata } = structuredClone(document);
          return { documentId: id, text, score, ...(metadata === undefined ? {} : { metadata }) };
        });
    },

    async getDocument(id, options) {
      lifetime.enter(options);
      return structuredClone(banks.get(options.bankId, id));
    },

    async deleteDocuments(ids, options) {
      lifetime.enter(options);
      return ids.filter((id) => banks.delete(options.bankId, id)).length;
    },

    async clearBank(options) {
      lifetime.enter(options);
      return banks.clear(options.bankId);
    },

    async health(options) {
      options?.signal?.throwIfAborted();
      return { healthy: !lifetime.closed, message: "in-memory document store" };
    },

    async close() {
      lifetime.close();
      banks.clearAll();
    },
  };
}
