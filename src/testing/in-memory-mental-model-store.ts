import { systemClock } from "../clock.js";
import {
  mentalModelDraftSchema,
  type MentalModel,
  type MentalModelDraft,
} from "../dto/mental-model.js";
import { parseShape } from "../dto/parse.js";
import { toTimestamp } from "../dto/timestamp.js";
import { addSources, alignTimestamps, editModel } from "../pipeline/documents/edit-model.js";
import type { MentalModelStore } from "../spi/mental-model-store.js";
import { Banked } from "./banked.js";
import { Lifetime } from "./lifetime.js";
import { compareIds } from "./order.js";
import { refuseUnknownKeys, type ProviderConfig, type TestingContext } from "./provider-options.js";

/** Mental models in the process's memory, which forgets them when it ends. */
export function createInMemoryMentalModelStore(
  config: ProviderConfig = {},
  { clock = systemClock }: TestingContext = {},
): Required<MentalModelStore> {
  refuseUnknownKeys("in_memory mental model store", config, []);
  const lifetime = new Lifetime("in_memory mental model store");
  /** All revisions of each model, the current one last. */
  const banks = new Banked<readonly MentalModel[]>();

  function store(draft: MentalModelDraft, bankId: string): MentalModel {
    const revisions = banks.get(bankId, draft.modelId) ?? [];
    const model: MentalModel = {
      ...alignTimestamps(draft),
      bankId,
      revision: (revisions.at(-1)?.revision ?? 0) + 1,
      refreshedAt: toTimestamp(clock.now()),
    };
    banks.set(bankId, draft.modelId, [...revisions, structuredClone(model)]);
    return model;
  }

  const current = (modelId: string, bankId: string): MentalModel | undefined =>
    structuredClone(banks.get(bankId, modelId)?.at(-1));

  return {
    spiVersion: 1,
    name: "in_memory",

    async upsertModel(model, options) {
      lifetime.enter(options);
      const draft = parseShape(mentalModelDraftSchema, model, "in_memory mental model");
      return store(draft, options.bankId).revision;
    },

    async getModel(modelId, options) {
      lifetime.enter(options);
      return current(modelId, options.bankId);
    },

    async listModels(options) {
      lifetime.enter(options);
      const { bankId, scope, kind } = options;
      const models = banks.values(bankId).flatMap((revisions) => revisions.slice(-1));
      return structuredClone(
        models
          .filter((model) => scope === undefined || model.scope === scope)
          .filter((model) => kind === undefined || model.kind === kind)
          .toSorted((a, b) => compareIds(a.modelId, b.modelId)),
      );
    },

    async listRevisions(modelId, options) {
      lifetime.enter(options);
      return structuredClone((banks.get(options.bankId, modelId) ?? []).slice(0, -1));
    },

    async deleteModel(modelId, options) {
      lifetime.enter(options);
      return banks.delete(options.bankId, modelId);
    },

    async updateModel(modelId, operations, options) {
      lifetime.enter(options);
      const model = current(modelId, options.bankId);
      if (model === undefined) return undefined;
      const { draft, summary } = editModel(model, operations);
      const revision = summary.changed ? store(draft, options.bankId).revision : model.revision;
      return { revision, summary };
    },

    async refreshModel(modelId, newSourceIds, options) {
      lifetime.enter(options);
      const model = current(modelId, options.bankId);
      return model === undefined
        ? undefined
        : store(addSources(model, newSourceIds), options.bankId);
    },

    async clearModels(options) {
      lifetime.enter(options);
      return banks.clear(options.bankId);
    },

    async health(options) {
      options?.signal?.throwIfAborted();
      return { healthy: !lifetime.closed, message: "in-memory mental model store" };
    },

    async close() {
      lifetime.close();
      banks.clearAll();
    },
  };
}
