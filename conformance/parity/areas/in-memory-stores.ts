import * as z from "zod";
import { Corrected, NotMapped, outcomeOf, type AreaRunner } from "../area-runner.js";
import type { ParityCase } from "../parity-case.js";
import { documentStoreOperations } from "./in-memory-stores/document-store.js";
import { engineOperations } from "./in-memory-stores/engine.js";
import { graphStoreOperations } from "./in-memory-stores/graph-store.js";
import { mentalModelsDue } from "./in-memory-stores/mental-model-rules.js";
import { mentalModelStoreOperations } from "./in-memory-stores/mental-model-store.js";
import type { Operations } from "./in-memory-stores/operations.js";
import { vectorStoreOperations } from "./in-memory-stores/vector-store.js";

const subjects: Readonly<Record<string, () => Operations>> = {
  InMemoryVectorStore: vectorStoreOperations,
  InMemoryDocumentStore: documentStoreOperations,
  InMemoryGraphStore: graphStoreOperations,
  InMemoryEngineProvider: engineOperations,
  InMemoryMentalModelStore: mentalModelStoreOperations,
};

const scriptSchema = z.object({ ops: z.array(z.looseObject({ op: z.string() })) });

async function runScript({ fn = "", input, expected }: ParityCase): Promise<unknown> {
  const create = Object.hasOwn(subjects, fn) ? subjects[fn] : undefined;
  if (create === undefined) return new NotMapped(`${fn} has no counterpart`);
  const operations = create();
  const { ops } = scriptSchema.parse(input);
  const results: unknown[] = [];
  for (const operation of ops) {
    const call = operations[operation.op];
    if (call === undefined) return new NotMapped(`${fn} has no ${operation.op}`);
    results.push(await outcomeOf(() => call(operation)));
  }
  if (fn !== "InMemoryMentalModelStore") return { results };
  const due = mentalModelsDue(input, expected, { results });
  return due === undefined ? { results } : new Corrected(due.actual, due.expected, due.reason);
}

/** The in-memory stores and the in-memory engine of `astrocyte/testing`. */
export const inMemoryStores: AreaRunner = { area: "in_memory_stores", run: runScript };
