import type { EngineProvider, VectorStore } from "astrocyte";
import type { IdLabels } from "./id-labels.js";

/** Names the memories that a store takes. */
export function labellingStore<Store extends VectorStore>(store: Store, labels: IdLabels): Store {
  return {
    ...store,
    storeVectors: async (items, options) => {
      const ids = await store.storeVectors(items, options);
      labels.note(items.map(({ id }) => id));
      return ids;
    },
  };
}

/** Names the memories that an engine takes. */
export function labellingEngine<Engine extends EngineProvider>(
  engine: Engine,
  labels: IdLabels,
): Engine {
  return {
    ...engine,
    retain: async (request, options) => {
      const result = await engine.retain(request, options);
      if (result.memoryId !== undefined) labels.note([result.memoryId]);
      return result;
    },
  };
}
