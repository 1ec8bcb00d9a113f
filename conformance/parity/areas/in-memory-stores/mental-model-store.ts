import {
  fromWire,
  mentalModelDraftSchema,
  mentalModelSchema,
  toWire,
  type MentalModel,
} from "astrocyte";
import { createInMemoryMentalModelStore, FakeClock } from "astrocyte/testing";
import * as z from "zod";
import { bankSchema, textOf, textsOf, type Operations } from "./operations.js";

const modelsSchema = z.array(mentalModelSchema);
const listSchema = z.object({
  bank_id: z.string(),
  scope: z.string().nullish(),
  kind: z.string().nullish(),
});
const updateSchema = z.object({ operations_json: z.array(z.unknown()) });
const dayMs = 86_400_000;

function wireModel(model: MentalModel | undefined): unknown {
  return model === undefined ? null : toWire(mentalModelSchema, model);
}

function inBank(operation: Readonly<Record<string, unknown>>) {
  return { bankId: bankSchema.parse(operation) };
}

export function mentalModelStoreOperations(): Operations {
  const clock = new FakeClock("2025-01-15T12:00:00Z");
  const store = createInMemoryMentalModelStore({}, { clock });
  return {
    upsert: (operation) =>
      store.upsertModel(fromWire(mentalModelDraftSchema, operation["model"]), inBank(operation)),
    get: async (operation) =>
      wireModel(await store.getModel(textOf(operation, "model_id"), inBank(operation))),
    list: async (operation) => {
      const { scope, kind } = listSchema.parse(operation);
      const models = await store.listModels({
        ...inBank(operation),
        scope: scope ?? undefined,
        kind: kind ?? undefined,
      });
      return toWire(modelsSchema, models);
    },
    revision_history: async (operation) => {
      const id = textOf(operation, "model_id");
      return toWire(modelsSchema, await store.listRevisions(id, inBank(operation)));
    },
    delete: (operation) => store.deleteModel(textOf(operation, "model_id"), inBank(operation)),
    update_via_ops: async (operation) => {
      const { operations_json: operations } = updateSchema.parse(operation);
      const id = textOf(operation, "model_id");
      const update = await store.updateModel(id, operations, inBank(operation));
      return update === undefined ? null : [update.revision, update.summary];
    },
    refresh: async (operation) => {
      const id = textOf(operation, "model_id");
      const ids = textsOf(operation, "new_source_ids");
      return wireModel(await store.refreshModel(id, ids, inBank(operation)));
    },
    health: () => store.health(),
    advance: (operation) => {
      clock.advance(Number(operation["days"]) * dayMs);
      return null;
    },
  };
}
