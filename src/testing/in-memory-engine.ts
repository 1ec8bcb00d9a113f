import { systemClock } from "../clock.js";
import { engineCapabilitiesSchema } from "../dto/engine-capabilities.js";
import { matchesFilters } from "../dto/filters.js";
import { forgetRequestSchema, type ForgetRequest } from "../dto/forget.js";
import { parseShape } from "../dto/parse.js";
import { recallRequestSchema, type MemoryHit, type RecallRequest } from "../dto/recall.js";
import { createdAtKey } from "../dto/reserved.js";
import { retainRequestSchema } from "../dto/retain.js";
import { toTimestamp } from "../dto/timestamp.js";
import type { EngineProvider } from "../spi/engine-provider.js";
import { Banked } from "./banked.js";
import { Lifetime } from "./lifetime.js";
import { refuseUnknownKeys, type ProviderConfig, type TestingContext } from "./provider-options.js";
import { lowerCaseTerms, termOverlap } from "./term-overlap.js";

interface Memory {
  readonly memoryId: string;
  readonly retainedAt: string;
  readonly hit: MemoryHit;
}

function satisfies({ hit, retainedAt }: Memory, request: RecallRequest): boolean {
  const { bankId, tags, factTypes, timeRange, asOf, sessionId } = request;
  return matchesFilters(
    { ...hit, retainedAt },
    { bankId, tags, factTypes, timeRange, asOf, sessionId },
  );
}

/** Whether every selector that the request gives selects the memory. */
function isSelected({ memoryId, hit }: Memory, request: ForgetRequest): boolean {
  const { memoryIds, tags, beforeDate } = request;
  if (memoryIds !== undefined && !memoryIds.includes(memoryId)) return false;
  if (tags !== undefined && !tags.some((tag) => hit.tags?.includes(tag))) return false;
  return beforeDate === undefined || (hit.occurredAt !== undefined && hit.occurredAt < beforeDate);
}

function hasSelector({ memoryIds, tags, beforeDate }: ForgetRequest): boolean {
  return memoryIds !== undefined || tags !== undefined || beforeDate !== undefined;
}

/** An {@link EngineProvider} with the optional methods that `createInMemoryEngine` gives it. */
export type InMemoryEngine = EngineProvider &
  Required<Pick<EngineProvider, "forget" | "softDelete" | "close">>;

/**
 * A memory engine in the process's memory: each retain is one memory of fact type `world`, and recall scores the share of
 * the query's words that a memory has. It cannot reflect.
 */
export function createInMemoryEngine(
  config: ProviderConfig = {},
  context: TestingContext = {},
): InMemoryEngine {
  refuseUnknownKeys("in_memory engine", config, []);
  const { clock = systemClock, createId = () => crypto.randomUUID() } = context;
  const lifetime = new Lifetime("in_memory engine");
  const memories = new Banked<Memory>();
  const hidden = new Banked<true>();

  function visible(bankId: string): Memory[] {
    return memories
      .values(bankId)
      .filter((memory) => hidden.get(bankId, memory.memoryId) === undefined);
  }

  return {
    spiVersion: 1,
    name: "in_memory",
    capabilities: engineCapabilitiesSchema.parse({
      supportsForget: true,
      supportsKeywordSearch: true,
      supportsSemanticSearch: false,
      supportsTags: true,
      supportsTemporalSearch: true,
    }),

    async retain(value, options) {
      lifetime.enter(options);
      const request = parseShape(retainRequestSchema, value, "in_memory engine retain");
      const { content, bankId, metadata, tags, occurredAt, source } = request;
      const memoryId = createId();
      const retainedAt = toTimestamp(clock.now());
      const hit = {
        text: content,
        score: 1,
        factType: "world",
        metadata: { [createdAtKey]: retainedAt, ...metadata },
        tags,
        occurredAt,
        source,
        memoryId,
        bankId,
      };
      memories.set(bankId, memoryId, { memoryId, retainedAt, hit });
      return { stored: true, memoryId, deduplicated: false, curated: false };
    },

    async recall(value, options) {
      lifetime.enter(options);
      const request = parseShape(recallRequestSchema, value, "in_memory engine recall");
      const terms = lowerCaseTerms(request.query);
      const listsAll = request.query.trim() === "*";
      const found = visible(request.bankId)
        .filter((memory) => satisfies(memory, request))
        .map((memory) => ({ memory, score: listsAll ? 1 : termOverlap(terms, memory.hit.text) }))
        .filter(({ score }) => score > 0)
        .toSorted((a, b) => b.score - a.score);
      return {
        hits: found
          .slice(0, Math.max(0, request.maxResults))
          .map(({ memory, score }) => ({ ...structuredClone(memory.hit), score })),
        totalAvailable: found.length,
        truncated: false,
        topSemanticScore: 0,
      };
    },

    async forget(value, options) {
      lifetime.enter(options);
      const request = parseShape(forgetRequestSchema, value, "in_memory engine forget");
      const { bankId, scope } = request;
      const all = scope === "all" && !hasSelector(request);
      if (!all && !hasSelector(request)) return { deletedCount: 0, archivedCount: 0 };
      const selected = memories
        .values(bankId)
        .filter((memory) => all || isSelected(memory, request));
      for (const { memoryId } of selected) {
        memories.delete(bankId, memoryId);
        hidden.delete(bankId, memoryId);
      }
      return { deletedCount: selected.length, archivedCount: 0 };
    },

    async softDelete(memoryIds, options) {
      lifetime.enter(options);
      const { bankId } = options;
      const wanted = new Set(memoryIds);
      const found = visible(bankId).filter(({ memoryId }) => wanted.has(memoryId));
      for (const { memoryId } of found) hidden.set(bankId, memoryId, true);
      return found.length;
    },

    async health(options) {
      options?.signal?.throwIfAborted();
      return { healthy: !lifetime.closed, message: "in-memory engine" };
    },

    async close() {
      lifetime.close();
      memories.clearAll();
      hidden.clearAll();
    },
  };
}
