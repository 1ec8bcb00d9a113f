import {
  mentalModelDraftSchema,
  mentalModelSchema,
  parseShape,
  toTimestamp,
  type BankOptions,
  type Clock,
  type MentalModel,
  type MentalModelDraft,
  type MentalModelStore,
} from "astrocyte";
import { addSources, alignTimestamps, editModel } from "astrocyte/pipeline";
import * as z from "zod";
import { storableId } from "../internal/storable.js";
import type { Database, Query } from "./open-database.js";
import { countColumn } from "./rows.js";
import { indexableId, storableIds } from "./values.js";

const modelRows = z.array(z.object({ revision: z.number(), model: z.string() }));
const revisionRows = z.array(z.object({ revision: z.number() }));
const countRows = z.array(z.object({ count: countColumn }));

type MentalModelMethods = Omit<MentalModelStore, "spiVersion" | "name" | "health" | "close">;

/** The rows as models; the revision is the row's. */
function toModels(rows: unknown): MentalModel[] {
  return modelRows.parse(rows).map(({ model, revision }) => {
    const stored: unknown = JSON.parse(model);
    return mentalModelSchema.parse({ ...z.looseObject({}).parse(stored), revision });
  });
}

/**
 * Mental models by bank, every revision as a row of its own; the newest is the model. Only `deleteModel` and `clearModels` take
 * rows away. Writers of one bank follow one another, so that what a change reads is what it replaces.
 */
export function mentalModelMethods(database: Database, clock: Clock): MentalModelMethods {
  const table = `${database.schema}.astrocyte_mental_models`;

  async function revisionsOf(query: Query, bankId: string, modelId: string) {
    const { rows } = await query(
      `SELECT revision, model FROM ${table} WHERE bank_id = $1 AND model_id = ANY($2::text[]) ORDER BY revision`,
      [bankId, storableIds([modelId])],
    );
    return rows;
  }

  async function readRevisions(
    modelId: string,
    { bankId, signal }: BankOptions,
  ): Promise<MentalModel[]> {
    const bank = storableId(bankId, "bankId");
    const id = storableId(modelId, "modelId");
    return toModels(await database.read(bank, (query) => revisionsOf(query, bank, id), { signal }));
  }

  /** Adds a revision after the newest one. */
  async function add(query: Query, bankId: string, draft: MentalModelDraft): Promise<MentalModel> {
    const model = { ...alignTimestamps(draft), bankId, refreshedAt: toTimestamp(clock.now()) };
    const { rows } = await query(
      `INSERT INTO ${table} (bank_id, model_id, revision, scope, kind, model)
        SELECT $1, $2, coalesce(max(revision), 0) + 1, $3, $4, $5 FROM ${table} WHERE bank_id = $1 AND model_id = $2
        RETURNING revision`,
      [
        bankId,
        indexableId(draft.modelId, "modelId"),
        storableId(draft.scope, "scope"),
        storableId(draft.kind, "kind"),
        JSON.stringify(model),
      ],
    );
    const [{ revision }] = z.tuple([z.object({ revision: z.number() })]).parse(rows);
    return { ...model, revision };
  }

  async function change<Result>(
    modelId: string,
    { bankId, signal }: BankOptions,
    edit: (model: MentalModel) => {
      draft?: MentalModelDraft;
      result: (stored: MentalModel) => Result;
    },
  ): Promise<Result | undefined> {
    signal?.throwIfAborted();
    const id = storableId(modelId, "modelId");
    const [result] = await database.write(
      [storableId(bankId, "bankId")],
      async (query, bank) => {
        const model = toModels(await revisionsOf(query, bank, id)).at(-1);
        if (model === undefined) return undefined;
        const { draft, result: resultOf } = edit(model);
        return resultOf(draft === undefined ? model : await add(query, bank, draft));
      },
      { signal },
    );
    return result;
  }

  return {
    upsertModel: async (given, { bankId, signal }) => {
      signal?.throwIfAborted();
      const draft = parseShape(mentalModelDraftSchema, given, "mental model");
      const stored = await database.write(
        [indexableId(bankId, "bankId")],
        (query, bank) => add(query, bank, draft),
        { signal, creates: true },
      );
      return revisionRows.length(1).parse(stored)[0]?.revision ?? 0;
    },

    getModel: async (modelId, options) => (await readRevisions(modelId, options)).at(-1),

    listModels: async ({ bankId, scope, kind, signal }) => {
      signal?.throwIfAborted();
      const bank = storableId(bankId, "bankId");
      const wanted = [scope, kind].map((name) => (name === undefined ? null : storableIds([name])));
      const { rows } = await database.read(
        bank,
        (query) =>
          query(
            `SELECT revision, model FROM (
                SELECT DISTINCT ON (model_id) model_id, revision, scope, kind, model FROM ${table}
                WHERE bank_id = $1 ORDER BY model_id, revision DESC) newest
              WHERE ($2::text[] IS NULL OR scope = ANY($2::text[])) AND ($3::text[] IS NULL OR kind = ANY($3::text[]))
              ORDER BY model_id`,
            [bank, ...wanted],
          ),
        { signal },
      );
      return toModels(rows);
    },

    listRevisions: async (modelId, options) => (await readRevisions(modelId, options)).slice(0, -1),

    deleteModel: async (modelId, { bankId, signal }) => {
      signal?.throwIfAborted();
      const id = storableId(modelId, "modelId");
      const [deleted] = await database.write(
        [storableId(bankId, "bankId")],
        (query, bank) =>
          query(`DELETE FROM ${table} WHERE bank_id = $1 AND model_id = $2`, [bank, id]),
        { signal },
      );
      return (deleted?.rowCount ?? 0) > 0;
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
      const [counted] = await database.write(
        [storableId(bankId, "bankId")],
        async (query, bank) => {
          const { rows } = await query(
            `SELECT count(DISTINCT model_id) AS count FROM ${table} WHERE bank_id = $1`,
            [bank],
          );
          await query(`DELETE FROM ${table} WHERE bank_id = $1`, [bank]);
          return rows;
        },
        { signal },
      );
      return countRows.parse(counted)[0]?.count ?? 0;
    },
  };
}
