import type { TestRunner } from "../runner.js";
import { registerSuite } from "../suite.js";
import { batching } from "./batching.js";
import { filtering } from "./filtering.js";
import { indexing } from "./indexing.js";
import { insideLangGraph } from "./inside-lang-graph.js";
import { isolation } from "./isolation.js";
import { namespaces } from "./namespaces.js";
import { searching } from "./searching.js";
import type { BaseStoreTarget } from "./target.js";
import { values } from "./values.js";

/**
 * Registers a test for each statement about LangGraph's `BaseStore` with the given runner. A store with `start` or `stop` is
 * started before each test and stopped after it.
 */
export function baseStoreConformance(target: BaseStoreTarget, runner: TestRunner): void {
  const chapters = [
    values,
    searching,
    indexing,
    filtering,
    namespaces,
    batching,
    isolation,
    insideLangGraph,
  ];
  const started: BaseStoreTarget = {
    ...target,
    create: async () => {
      const store = await target.create();
      await store.start?.();
      return store;
    },
    destroy: async (store) => {
      await store.stop?.();
      await target.destroy?.(store);
    },
  };
  registerSuite("LangGraph BaseStore", started, chapters, runner);
}
