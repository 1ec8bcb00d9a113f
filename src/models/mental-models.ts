import type { MentalModel } from "../dto/mental-model.js";
import { ConfigError, InvalidArgumentError } from "../errors.js";
import {
  governModelDelete,
  governModelRead,
  governModelWrite,
} from "../governance/govern-models.js";
import type { Governance } from "../governance/governance.js";
import { passTexts } from "../governance/pass-texts.js";
import { deltaOperationSchema } from "../pipeline/documents/delta-operation.js";
import { assertOptions } from "../requests.js";
import type { MentalModelStore, UpdateSummary } from "../spi/mental-model-store.js";
import type { ListModelOptions, ModelOptions, UpsertModelOptions } from "./model-options.js";
import { modelCall, modelDraft, modelIdOf } from "./model-requests.js";
import { draftWithTexts, textsIn, textsOfDraft, withTexts } from "./model-texts.js";

/** What stands behind the calls about mental models. */
export interface ModelGround {
  readonly governance: Governance;
  readonly store: MentalModelStore | undefined;
  /** Rejects an aborted call, and any call of a closed brain. */
  readonly assertOpen: (signal: AbortSignal | undefined) => void;
}

/** @throws ConfigError when there is none. */
function requireStore({ store }: ModelGround): MentalModelStore {
  if (store !== undefined) return store;
  throw new ConfigError(
    "No mental model store configured: pass a mentalModelStore, name one as mental_model_store (sqlite, postgres, in_memory), " +
      "or use a vector store that keeps them too, such as sqlite",
  );
}

/** A model after an update, and what the update did. */
export interface UpdatedModel {
  readonly model: MentalModel;
  readonly summary: UpdateSummary;
}

/**
 * What is held to be true of a bank or of someone in it, as documents that are kept up to date.
 *
 * Reading needs the permission `read`, changing `write` and a token of the retain rate, deleting `forget`. What is written is
 * searched for personal data as a retain is. `forget({ scope: "all" })` deletes the models of the bank; a selective forget
 * leaves them.
 *
 * Every call throws ConfigError when no store is configured, AccessDeniedError, and for a write RateLimitedError and
 * PiiRejectedError.
 */
export class MentalModels {
  readonly #ground: ModelGround;

  /** Internal: a brain makes its own. */
  constructor(ground: ModelGround) {
    this.#ground = ground;
  }

  /** Stores a model, as a new revision when there is one of this id; the replaced one is kept. */
  async upsert(modelId: string, options: UpsertModelOptions): Promise<MentalModel> {
    const subject = "mentalModels.upsert";
    const { governance, assertOpen } = this.#ground;
    const store = requireStore(this.#ground);
    const call = modelCall(subject, assertOptions(subject, options));
    assertOpen(call.signal);
    const draft = modelDraft(modelIdOf(modelId, `${subject}: modelId`), options, subject);
    return governModelWrite(governance, store, call, async (models) => {
      const passed = await passTexts(governance, textsOfDraft(draft), call);
      await models.upsertModel(draftWithTexts(draft, passed), call);
      const model = await models.getModel(draft.modelId, call);
      if (model !== undefined) return model;
      throw new InvalidArgumentError(`${subject}: the model was deleted at once by another call`);
    });
  }

  /** `undefined` for an unknown model. */
  async get(modelId: string, options: ModelOptions): Promise<MentalModel | undefined> {
    const subject = "mentalModels.get";
    return this.#read(subject, options, (models, call) =>
      models.getModel(modelIdOf(modelId, `${subject}: modelId`), call),
    );
  }

  /** In the order of their ids. */
  async list(options: ListModelOptions): Promise<MentalModel[]> {
    return this.#read("mentalModels.list", options, (models, call) =>
      models.listModels({ ...call, scope: options.scope, kind: options.kind }),
    );
  }

  /** The revisions that later ones replaced, oldest first. */
  async revisions(modelId: string, options: ModelOptions): Promise<MentalModel[]> {
    const subject = "mentalModels.revisions";
    return this.#read(subject, options, (models, call) =>
      models.listRevisions(modelIdOf(modelId, `${subject}: modelId`), call),
    );
  }

  /**
   * Changes a model section by section and renders its content again. Operations that are malformed or do not fit are left out
   * and reported; when none is applied there is no new revision.
   *
   * @param operations - `{ op: "append_block", section_id, block }` and the like, as a model writes them.
   * @returns `undefined` for an unknown model.
   */
  async updateViaOps(
    modelId: string,
    operations: readonly unknown[],
    options: ModelOptions,
  ): Promise<UpdatedModel | undefined> {
    const subject = "mentalModels.updateViaOps";
    const id = modelIdOf(modelId, `${subject}: modelId`);
    if (!Array.isArray(operations)) {
      throw new InvalidArgumentError(`${subject}: operations: expected a list`);
    }
    return this.#write(subject, options, async (models, call) => {
      const { governance } = this.#ground;
      // Only what is well formed is walked; the rest is reported without its contents.
      const passed: unknown[] = [];
      for (const operation of operations) {
        if (!deltaOperationSchema.safeParse(operation).success) passed.push(operation);
        else {
          const texts = await passTexts(governance, textsIn(operation), call);
          passed.push(withTexts<unknown>(operation, texts));
        }
      }
      const update = await models.updateModel(id, passed, call);
      const model = update === undefined ? undefined : await models.getModel(id, call);
      return update === undefined || model === undefined
        ? undefined
        : { model, summary: update.summary };
    });
  }

  /** Adds sources to a model, each once, as a new revision; `undefined` for an unknown model. */
  async refresh(
    modelId: string,
    newSourceIds: readonly string[],
    options: ModelOptions,
  ): Promise<MentalModel | undefined> {
    const subject = "mentalModels.refresh";
    const id = modelIdOf(modelId, `${subject}: modelId`);
    if (!Array.isArray(newSourceIds) || newSourceIds.some((item) => typeof item !== "string")) {
      throw new InvalidArgumentError(`${subject}: newSourceIds: expected a list of texts`);
    }
    return this.#write(subject, options, (models, call) =>
      models.refreshModel(id, newSourceIds, call),
    );
  }

  /**
   * Deletes a model with its replaced revisions.
   *
   * @returns Whether there was such a model.
   * @throws LegalHoldActiveError when the bank is under a hold.
   */
  async delete(modelId: string, options: ModelOptions): Promise<boolean> {
    const subject = "mentalModels.delete";
    const { governance, assertOpen } = this.#ground;
    const store = requireStore(this.#ground);
    const call = modelCall(subject, assertOptions(subject, options));
    assertOpen(call.signal);
    const id = modelIdOf(modelId, `${subject}: modelId`);
    return governModelDelete(governance, store, call, (models) => models.deleteModel(id, call));
  }

  async #read<Result>(
    subject: "mentalModels.get" | "mentalModels.list" | "mentalModels.revisions",
    options: ModelOptions,
    read: (models: MentalModelStore, call: ReturnType<typeof modelCall>) => Promise<Result>,
  ): Promise<Result> {
    const { governance, assertOpen } = this.#ground;
    const store = requireStore(this.#ground);
    const call = modelCall(subject, assertOptions(subject, options));
    assertOpen(call.signal);
    return governModelRead(governance, store, call, (models) => read(models, call));
  }

  async #write<Result>(
    subject: "mentalModels.updateViaOps" | "mentalModels.refresh",
    options: ModelOptions,
    write: (models: MentalModelStore, call: ReturnType<typeof modelCall>) => Promise<Result>,
  ): Promise<Result> {
    const { governance, assertOpen } = this.#ground;
    const store = requireStore(this.#ground);
    const call = modelCall(subject, assertOptions(subject, options));
    assertOpen(call.signal);
    return governModelWrite(governance, store, call, (models) => write(models, call));
  }
}
