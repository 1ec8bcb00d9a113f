import type { MentalModel } from "astrocyte";
import type { DocumentSection } from "astrocyte/pipeline";
import * as z from "zod";
import { operation, stepOf, type ReadStep } from "./step-of.js";

function toRecordedModel(model: MentalModel | undefined): unknown {
  if (model === undefined) return null;
  return {
    bank_id: model.bankId,
    model_id: model.modelId,
    title: model.title,
    content: model.content,
    scope: model.scope,
    kind: model.kind,
    revision: model.revision,
    source_ids: model.sourceIds,
    has_structured_doc: model.structuredDoc !== undefined,
  };
}

const id = { ...operation, model_id: z.string() };
const texts = z.array(z.string()).optional();
/** Whatever they are: the library's answer to wrong ones is recorded. */
const anySections = z.custom<readonly DocumentSection[]>((value) => Array.isArray(value));

/** The steps about mental models and directives. */
export const modelSteps: Readonly<Record<string, ReadStep>> = {
  create_mental_model: stepOf(
    z.strictObject({
      ...id,
      title: z.string(),
      content: z.string().optional(),
      sections: anySections.optional(),
      scope: z.string().optional(),
      source_ids: texts,
    }),
    async ({ brain }, step) => {
      const model = await brain.mentalModels.upsert(step.model_id, {
        bankId: step.bank_id,
        context: step.context,
        title: step.title,
        content: step.content,
        sections: step.sections,
        scope: step.scope,
        sourceIds: step.source_ids,
      });
      return toRecordedModel(model);
    },
  ),
  get_mental_model: stepOf(z.strictObject(id), async ({ brain }, step) => {
    const { bank_id: bankId, context } = step;
    return toRecordedModel(await brain.mentalModels.get(step.model_id, { bankId, context }));
  }),
  list_mental_models: stepOf(
    z.strictObject({ ...operation, scope: z.string().optional() }),
    async ({ brain }, { bank_id: bankId, context, scope }) =>
      (await brain.mentalModels.list({ bankId, context, scope })).map(toRecordedModel),
  ),
  update_mental_model: stepOf(
    z.strictObject({ ...id, operations: z.array(z.unknown()) }),
    async ({ brain }, step) => {
      const { bank_id: bankId, context, operations } = step;
      const updated = await brain.mentalModels.updateViaOps(step.model_id, operations, {
        bankId,
        context,
      });
      return updated === undefined
        ? null
        : { model: toRecordedModel(updated.model), summary: updated.summary };
    },
  ),
  refresh_mental_model: stepOf(
    z.strictObject({ ...id, new_source_ids: z.array(z.string()) }),
    async ({ brain }, step) => {
      const { bank_id: bankId, context, new_source_ids: sourceIds } = step;
      const options = { bankId, context };
      return toRecordedModel(await brain.mentalModels.refresh(step.model_id, sourceIds, options));
    },
  ),
  delete_mental_model: stepOf(z.strictObject(id), ({ brain }, step) => {
    const { bank_id: bankId, context } = step;
    return brain.mentalModels.delete(step.model_id, { bankId, context });
  }),
  create_directive: stepOf(
    z.strictObject({
      ...operation,
      rule_text: z.string(),
      directive_id: z.string().optional(),
      scope: z.string().optional(),
    }),
    async ({ brain }, step) => {
      const model = await brain.directives.create(step.rule_text, {
        bankId: step.bank_id,
        context: step.context,
        directiveId: step.directive_id,
        scope: step.scope,
      });
      return toRecordedModel(model);
    },
  ),
};
