import {
  InvalidArgumentError,
  mentalModelDraftSchema,
  mentalModelSchema,
  parseShape,
  StorageError,
  toTimestamp,
  type BankOptions,
  type Clock,
  type MentalModel,
  type MentalModelDraft,
  type MentalModelStore,
} from "astrocyte";
import { addSources, alignTimestamps, editModel } from "astrocyte/pipeline";
import * as z from "zod";
import type { Database } from "./open-database.js";
import { storableId } from "../internal/storable.js";

const modelRows = z.array(z.object({ revision: z.number(), model: z.string() }));
const revisionRows = z.array(z.object({ revision: z.number() }));
const countRows = z.array(z.object({ count: z.number() }));

/** How often a change is tried again that another connection was faster than. */
const mostTries = 20;

type MentalModelMethods = Omit<MentalModelStore, "spiVersion" | "name" | "health" | "close">;

/** The newest revision of every model of a bank, the first argument. */
const newest = `SELECT model_id, max(revision) AS revision FROM astrocyte_mental_models
  WHERE bank_id = ? GROUP BY model_id`;

/** The rows as models; the revision is the row's. */
function toModels(rows: unknown): MentalModel[] {
  return modelRows.parse(rows).map(({ model, revision }) => {
    const stored: unknown = JSON.parse(model);
    return mentalModelSchema.parse({ ...z.looseObject({}).parse(stored), revision });
  });
}

/**
 * Mental models by bank, every revision as a row of its own; the newest is the model. Only `deleteModel` and `clearModels` take
 * rows away.
 */
export function mentalModelMethods(database: Database, clock: Clock): MentalModelMethods {
  async function revisionsOf(
    modelId: string,
    { bankId, signal }: BankOptions,
  ): Promise<MentalModel[]> {
    const [found] = await database.read(
      [
        {
          sql: `SELECT revision, model FROM astrocyte_mental_models
            WHERE bank_id = ? AND model_id = ? ORDER BY revision`,
          args: [storableId(bankId, "bankId"), storableId(modelId, "modelId")],
        },
      ],
      signal,
    );
    return toModels(found?.rows);
  }

  /**
   * Adds a revision, by one statement, so that none is overwritten.
   *
   * @param after - The revision that it has to follow; `undefined` follows whatever is there.
   * @returns The stored model; `undefined` when another revision was there.
   */
  async function add(
    draft: MentalModelDraft,
    { bankId, signal }: BankOptions,
    after?: number,
  ): Promise<MentalModel | undefined> {
    const model = {
      ...alignTimestamps(draft),
      bankId,
      refreshedAt: toTimestamp(clock.now()),
    };
    const id = storableId(draft.modelId, "modelId");
    const [added] = await database.write(
      [
        {
          sql: `INSERT INTO astrocyte_mental_models (bank_id, model_id, revision, scope, kind, model)
            SELECT ?, ?, coalesce(max(revision), 0) + 1, ?, ?, ? FROM astrocyte_mental_models
            WHERE bank_id = ? AND model_id = ?
            HAVING ? IS NULL OR coalesce(max(revision), 0) = ?
            RETURNING revision`,
          args: [
            storableId(bankId, "bankId"),
            id,
            storableId(draft.scope, "scope"),
            storableId(draft.kind, "kind"),
            JSON.stringify(model),
            bankId,
            id,
            after ?? null,
            after ?? null,
          ],
        },
      ],
      signal,
    );
    const revision = revisionRows.parse(added?.rows)[0]?.revision;
    return revision === undefined ? undefined : { ...model, revision };
  }

  /** Reads, changes and writes, again when another write came between. */
  async function change<Result>(
    modelId: string,
    options: BankOptions,
    edit: (model: MentalModel) => {
      draft?: MentalModelDraft;
      result: (stored: MentalModel) => Result;
    },
  ): Promise<Result | undefined> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const model = (await revisionsOf(modelId, options)).at(-1);
      if (model === undefined) return undefined;
      const { draft, result } = edit(model);
      if (draft === undefined) return result(model);
      const stored = await add(draft, options, model.revision);
      if (stored !== undefined) return result(stored);
    }
    throw new StorageError(
      `${database.location}: mental model "${modelId}" is changed by others all the time; retry later`,
    );
  }

  return {
    upsertModel: async (given, options) => {
      options.signal?.throwIfAborted();
      const stored = await add(parseShape(mentalModelDraftSchema, given, "mental model"), options);
      if (stored === undefined) throw new InvalidArgumentError("mental model: it was not stored");
      return stored.revision;
    },

    getModel: async (modelId, options) => (await revisionsOf(modelId, options)).at(-1),

    listModels: async ({ bankId, scope, kind, signal }) => {
      signal?.throwIfAborted();
      const bank = storableId(bankId, "bankId");
      const [found] = await database.read(
        [
          {
            sql: `SELECT m.revision, m.model FROM astrocyte_mental_models m
              JOIN (${newest}) n ON n.model_id = m.model_id AND n.revision = m.revision
              WHERE m.bank_id = ? AND (? IS NULL OR m.scope = ?) AND (? IS NULL OR m.kind = ?)
              ORDER BY m.model_id`,
            args: [bank, bank, scope ?? null, scope ?? null, kind ?? null, kind ?? null],
          },
        ],
        signal,
      );
      return toModels(found?.rows);
    },

    listRevisions: async (modelId, options) => (await revisionsOf(modelId, options)).slice(0, -1),

    deleteModel: async (modelId, { bankId, signal }) => {
      signal?.throwIfAborted();
      const [deleted] = await database.write(
        [
          {
            sql: "DELETE FROM astrocyte_mental_models WHERE bank_id = ? AND model_id = ?",
            args: [storableId(bankId, "bankId"), storableId(modelId, "modelId")],
          },
        ],
        signal,
      );
      await database.flushErased();
      return (deleted?.rowsAffected ?? 0) > 0;
    },

    updateModel: (modelId, operations, options) =>
      change(modelId, options, (model) => {
        const { draft, summary } = editModel(model, operations);
        return {
          ...(summary.changed ? { draft } : {}),
          result: ({ revision }) => ({ revision, summary }),
        };
      }),

    refreshModel: (modelId, newSourceIds, options) =>
      change(modelId, options, (model) => ({
        draft: addSources(model, newSourceIds),
        result: (stored) => stored,
      })),

    clearModels: async ({ bankId, signal }) => {
      signal?.throwIfAborted();
      const bank = storableId(bankId, "bankId");
      const [counted] = await database.write(
        [
          {
            sql: `SELECT count(DISTINCT model_id) AS count FROM astrocyte_mental_models WHERE bank_id = ?`,
            args: [bank],
          },
          { sql: "DELETE FROM astrocyte_mental_models WHERE bank_id = ?", args: [bank] },
        ],
        signal,
      );
      await database.flushErased();
      return countRows.parse(counted?.rows)[0]?.count ?? 0;
    },
  };
}
