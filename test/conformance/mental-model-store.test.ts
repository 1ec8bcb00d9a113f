import type { MentalModelStore } from "astrocyte";
import { mentalModelStoreConformance } from "astrocyte/conformance";
import { createInMemoryMentalModelStore } from "astrocyte/testing";
import { describe, expect, it } from "vitest";
import { failedIds } from "./failed-ids.js";

mentalModelStoreConformance(
  { name: "in_memory", create: () => createInMemoryMentalModelStore() },
  { describe, it },
);

type Store = Required<MentalModelStore>;

function broken(change: (store: Store) => Partial<Store>): () => Store {
  return () => {
    const store = createInMemoryMentalModelStore();
    return { ...store, ...change(store) };
  };
}

const subjects: readonly [string, string, () => MentalModelStore][] = [
  ["says version 2", "MM-declared", broken(() => ({ spiVersion: 2 as never }))],
  [
    "counts from 0",
    "MM-1",
    broken((store) => ({
      upsertModel: async (model, options) => (await store.upsertModel(model, options)) - 1,
    })),
  ],
  ["keeps no revisions", "MM-1", broken(() => ({ listRevisions: async () => [] }))],
  [
    "gives the newest revision first",
    "MM-1",
    broken((store) => ({
      listRevisions: async (id, options) => (await store.listRevisions(id, options)).toReversed(),
    })),
  ],
  [
    "loses the kind",
    "MM-fields",
    broken((store) => ({
      upsertModel: ({ kind: _kind, ...model }, options) => store.upsertModel(model, options),
    })),
  ],
  [
    "keeps revisions of a deleted model",
    "MM-2",
    broken((store) => {
      const deleted: string[] = [];
      return {
        deleteModel: async (id, options) => {
          const model = await store.getModel(id, options);
          if (model === undefined || deleted.includes(id)) return false;
          deleted.push(id);
          return true;
        },
        getModel: async (id, options) =>
          deleted.includes(id) ? undefined : store.getModel(id, options),
      };
    }),
  ],
  [
    "takes a scope for a prefix",
    "MM-3",
    broken((store) => ({
      listModels: async ({ scope = "", ...options }) =>
        (await store.listModels(options)).filter((model) => model.scope.startsWith(scope)),
    })),
  ],
  [
    "ignores the kind",
    "MM-3",
    broken((store) => ({
      listModels: ({ kind: _kind, ...options }) => store.listModels(options),
    })),
  ],
  [
    "lists by old revisions",
    "MM-scope-moves",
    broken((store) => ({
      listModels: async ({ scope, ...options }) => {
        const models = await store.listModels(options);
        const all = await Promise.all(
          models.map(async (model) => [
            ...(await store.listRevisions(model.modelId, options)),
            model,
          ]),
        );
        return all.flat().filter((model) => scope === undefined || model.scope === scope);
      },
    })),
  ],
  [
    "keeps timestamps of no source",
    "MM-4",
    broken((store) => ({
      getModel: async (id, options) => {
        const model = await store.getModel(id, options);
        return model && { ...model, sourceTimestamps: ["2024-01-01T00:00:00+00:00"] };
      },
    })),
  ],
  ["clears nothing", "MM-clear", broken(() => ({ clearModels: async () => 2 }))],
  [
    "applies operations backwards",
    "MM-5",
    broken((store) => ({
      updateModel: (id, operations, options) =>
        store.updateModel(id, operations.toReversed(), options),
    })),
  ],
  [
    "gives no reasons",
    "MM-5",
    broken((store) => ({
      updateModel: async (id, operations, options) => {
        const update = await store.updateModel(id, operations, options);
        if (update === undefined) return undefined;
        const skipped = update.summary.skipped.map(({ op }) => ({ op }));
        return { ...update, summary: { ...update.summary, skipped } };
      },
    })),
  ],
  [
    "drops all for one malformed operation",
    "MM-6",
    broken((store) => ({
      updateModel: (id, operations, options) => {
        const isAllKnown = !JSON.stringify(operations).includes("explode");
        return store.updateModel(id, isAllKnown ? operations : [], options);
      },
    })),
  ],
  [
    "counts an update that changed nothing",
    "MM-unchanged",
    broken((store) => ({
      updateModel: async (id, operations, options) => {
        const update = await store.updateModel(id, operations, options);
        return (
          update && { ...update, revision: update.revision + (update.summary.changed ? 0 : 1) }
        );
      },
    })),
  ],
  [
    "does not render again",
    "MM-7",
    broken((store) => ({
      getModel: async (id, options) => {
        const model = await store.getModel(id, options);
        const [first] = await store.listRevisions(id, options);
        return model && { ...model, content: first?.content ?? model.content };
      },
    })),
  ],
  [
    "adds a source twice",
    "MM-8",
    broken((store) => ({
      refreshModel: async (id, ids, options) => {
        const model = await store.getModel(id, options);
        const { bankId: _bank, revision: _revision, refreshedAt: _time, ...draft } = model ?? {};
        if (model === undefined) return undefined;
        const sourceIds = [...model.sourceIds, ...ids];
        await store.upsertModel({ ...(draft as typeof model), sourceIds }, options);
        return store.getModel(id, options);
      },
    })),
  ],
  [
    "loses updates at the same time",
    "MM-together",
    broken((store) => ({
      updateModel: async (id, operations, options) => {
        const model = await store.getModel(id, options);
        await new Promise((resolve) => setImmediate(resolve));
        if (model === undefined) return undefined;
        const { bankId: _bank, revision: _revision, refreshedAt: _time, ...draft } = model;
        await store.upsertModel(draft, options);
        return store.updateModel(id, operations, options);
      },
    })),
  ],
  [
    "shares its banks",
    "MM-isolation",
    broken((store) => ({
      clearModels: async (options) => {
        await store.clearModels({ bankId: "acmex" });
        return store.clearModels(options);
      },
    })),
  ],
  [
    "folds ids",
    "MM-hostile-ids",
    broken((store) => ({
      upsertModel: (model, options) =>
        store.upsertModel({ ...model, modelId: model.modelId.toLowerCase() }, options),
      getModel: (id, options) => store.getModel(id.toLowerCase(), options),
    })),
  ],
  [
    "loses what is not ASCII",
    "MM-unicode",
    broken((store) => ({
      upsertModel: (model, options) =>
        store.upsertModel({ ...model, title: model.title.replace(/[^ -~]/g, "?") }, options),
    })),
  ],
  [
    "hands out what it keeps",
    "MM-copies",
    broken((store) => {
      const kept = new Map<string, Awaited<ReturnType<Store["getModel"]>>>();
      return {
        getModel: async (id, options) => {
          if (!kept.has(id)) kept.set(id, await store.getModel(id, options));
          return kept.get(id);
        },
      };
    }),
  ],
  [
    "ignores aborts",
    "MM-abort",
    broken((store) => ({
      deleteModel: (id, { bankId }) => store.deleteModel(id, { bankId }),
    })),
  ],
  ["answers after close", "MM-close", broken(() => ({ close: async () => {} }))],
];

describe("a broken store of mental models", () => {
  it.each(subjects)("that %s fails %s", async (_what, id, create) => {
    const failed = await failedIds((runner) => {
      mentalModelStoreConformance({ name: "broken", create }, runner);
    });
    expect(failed).toContain(id);
  });
});
