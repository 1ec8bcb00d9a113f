import type { EngineProvider } from "astrocyte";
import { engineProviderConformance, type EngineProviderTarget } from "astrocyte/conformance";
import { createInMemoryEngine, type InMemoryEngine } from "astrocyte/testing";
import { describe, expect, it } from "vitest";
import { failedIds } from "./failed-ids.js";

engineProviderConformance(
  { name: "in_memory", create: () => createInMemoryEngine() },
  { describe, it },
);

function broken(change: (engine: InMemoryEngine) => Partial<EngineProvider>): () => EngineProvider {
  return () => {
    const engine = createInMemoryEngine();
    return { ...engine, ...change(engine) };
  };
}

/** Recalls with some of the request left out. */
function ignoring(...names: readonly string[]): () => EngineProvider {
  return broken((engine) => ({
    recall: (request, options) =>
      engine.recall(
        Object.fromEntries(
          Object.entries(request).filter(([name]) => !names.includes(name)),
        ) as typeof request,
        options,
      ),
  }));
}

const reflecting: Partial<EngineProviderTarget> = { capabilities: { supportsReflect: true } };

const subjects: readonly [string, string, () => EngineProvider, Partial<EngineProviderTarget>?][] =
  [
    [
      "declares what it has not",
      "EP-1",
      broken((engine) => ({ capabilities: { ...engine.capabilities, supportsReflect: true } })),
      reflecting,
    ],
    [
      "changes its capabilities",
      "EP-1",
      broken((engine) => {
        let reads = 0;
        return Object.defineProperty({}, "capabilities", {
          enumerable: true,
          get: () => {
            reads += 1;
            return { ...engine.capabilities, supportsMetadata: reads % 2 === 0 };
          },
        });
      }),
    ],
    [
      "returns no ids",
      "EP-2",
      broken((engine) => ({
        recall: async (request, options) => {
          const result = await engine.recall(request, options);
          return { ...result, hits: result.hits.map((hit) => ({ ...hit, memoryId: undefined })) };
        },
      })),
    ],
    [
      "takes * for a word",
      "EP-3",
      broken((engine) => ({
        recall: (request, options) =>
          engine.recall({ ...request, query: request.query.replace("*", "asterisk") }, options),
      })),
    ],
    ["ignores maxResults", "EP-3", ignoring("maxResults")],
    ["ignores tags", "EP-4-tags", ignoring("tags")],
    ["ignores fact types", "EP-4-types", ignoring("factTypes")],
    ["ignores the time range", "EP-4-time", ignoring("timeRange")],
    [
      "never forgets",
      "EP-5",
      broken(() => ({
        forget: async ({ memoryIds }) => ({
          deletedCount: memoryIds?.length ?? 0,
          archivedCount: 0,
        }),
      })),
    ],
    [
      "reflects with nothing",
      "EP-6",
      broken((engine) => ({
        capabilities: { ...engine.capabilities, supportsReflect: true },
        reflect: async () => ({}) as never,
      })),
      reflecting,
    ],
    [
      "ignores case in banks",
      "EP-7",
      broken((engine) => ({
        retain: (request, options) =>
          engine.retain({ ...request, bankId: request.bankId.toLowerCase() }, options),
        recall: (request, options) =>
          engine.recall({ ...request, bankId: request.bankId.toLowerCase() }, options),
      })),
    ],
    [
      "joins selectors with OR",
      "EP-8",
      broken((engine) => ({
        forget: async ({ bankId, tags, beforeDate, ...request }, options) => {
          if (tags === undefined || beforeDate === undefined) {
            return engine.forget({ bankId, tags, beforeDate, ...request }, options);
          }
          const byTags = await engine.forget({ bankId, tags }, options);
          const byDate = await engine.forget({ bankId, beforeDate }, options);
          return { deletedCount: byTags.deletedCount + byDate.deletedCount, archivedCount: 0 };
        },
      })),
    ],
    [
      "forgets everything without a selector",
      "EP-8",
      broken((engine) => ({
        forget: (request, options) =>
          engine.forget(
            Object.keys(request).length === 1 ? { ...request, scope: "all" } : request,
            options,
          ),
      })),
    ],
    ["still shows what was softly deleted", "EP-9", broken(() => ({ softDelete: async () => 1 }))],
    [
      "counts nothing as available",
      "EP-10",
      broken((engine) => ({
        recall: async (request, options) => ({
          ...(await engine.recall(request, options)),
          totalAvailable: 0,
        }),
      })),
    ],
    [
      "gives no instant of the retain",
      "EP-11",
      broken((engine) => ({
        recall: async (request, options) => {
          const result = await engine.recall(request, options);
          const hits = result.hits.map((hit) => ({
            ...hit,
            metadata: Object.fromEntries(
              Object.entries(hit.metadata ?? {}).filter(([key]) => !key.startsWith("_")),
            ),
          }));
          return { ...result, hits };
        },
      })),
    ],
    [
      "normalises tags",
      "EP-hostile-tags",
      broken((engine) => ({
        retain: (request, options) =>
          engine.retain(
            { ...request, tags: request.tags?.map((tag) => tag.normalize("NFC")) },
            options,
          ),
      })),
    ],
    [
      "ignores an aborted signal",
      "EP-abort",
      broken((engine) => ({ retain: (request) => engine.retain(request) })),
    ],
    [
      "hands its own objects out",
      "EP-copies",
      broken((engine) => {
        let own: Awaited<ReturnType<EngineProvider["recall"]>> | undefined;
        return {
          recall: async (request, options) => (own ??= await engine.recall(request, options)),
        };
      }),
    ],
    [
      "trims texts to ASCII",
      "EP-unicode",
      broken((engine) => ({
        retain: (request, options) =>
          engine.retain(
            { ...request, content: request.content.replaceAll(/[^ -~]/g, "?") },
            options,
          ),
      })),
    ],
    ["answers after close", "EP-close", broken(() => ({ close: async () => {} }))],
  ];

describe("a broken engine", () => {
  it.each(subjects)("that %s fails %s", async (_what, id, create, target = {}) => {
    const failed = await failedIds((runner) => {
      engineProviderConformance({ name: "broken", create, ...target }, runner);
    });
    expect(failed).toContain(id);
  });
});
