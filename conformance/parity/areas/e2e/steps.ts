import {
  dispositionsSchema,
  fromWire,
  memoryHitSchema,
  metadataSchema,
  type AstrocyteContext,
  type Metadata,
  type MultiBankStrategyInput,
} from "astrocyte";
import type { Permission } from "astrocyte/policy";
import * as z from "zod";
import { outcomeOf } from "../../area-runner.js";
import { toRecordedError } from "./recorded-error.js";
import {
  toRecordedItem,
  toRecordedRecall,
  toRecordedReflect,
  toRecordedRetain,
} from "./recorded-shapes.js";
import type { Step } from "./scenario.js";
import { modelSteps } from "./model-steps.js";
import { base, operation, stepOf, type ReadStep, type RunStep } from "./step-of.js";

const texts = z.array(z.string()).optional();
const cut = z.int().optional();

/** Metadata as recorded, which the library may refuse. */
const anyMetadata = z.custom<Metadata>((value) => typeof value === "object");

/** The part of metadata that is flat. */
function flatMetadata(metadata: Metadata): Metadata {
  return Object.fromEntries(
    Object.entries(metadata).filter(
      ([key, value]) => metadataSchema.safeParse({ [key]: value }).success,
    ),
  );
}

const retain = stepOf(
  z.strictObject({
    ...operation,
    content: z.string(),
    content_type: z.string().optional(),
    extraction_profile: z.string().optional(),
    tags: texts,
    metadata: anyMetadata.optional(),
    occurred_at: z.string().optional(),
    source: z.string().optional(),
  }),
  async ({ brain, labels }, step) => {
    const { content, metadata = {} } = step;
    const options = {
      bankId: step.bank_id,
      context: step.context,
      contentType: step.content_type,
      extractionProfile: step.extraction_profile,
      tags: step.tags,
      occurredAt: step.occurred_at,
      source: step.source,
    };
    const flat = flatMetadata(metadata);
    const result = toRecordedRetain(
      await brain.retain(content, { ...options, metadata: flat }),
      labels,
    );
    if (Object.keys(flat).length === Object.keys(metadata).length) return result;
    // What follows in the script is about the flat part; the whole is refused.
    const whole = await outcomeOf(() => brain.retain(content, { ...options, metadata }));
    return { ...result, whole: "error" in whole ? toRecordedError(whole.error) : "taken" };
  },
);

const strategySchema = z.union([
  z.enum(["parallel", "cascade", "first_match"]),
  z
    .strictObject({
      mode: z.enum(["parallel", "cascade", "first_match"]),
      min_results_to_stop: z.int().optional(),
      cascade_order: texts,
      bank_weights: z.record(z.string(), z.number()).optional(),
      dedup_across_banks: z.boolean().optional(),
    })
    .transform((wire): MultiBankStrategyInput => ({
      mode: wire.mode,
      minResultsToStop: wire.min_results_to_stop,
      cascadeOrder: wire.cascade_order,
      bankWeights: wire.bank_weights,
      dedupAcrossBanks: wire.dedup_across_banks,
    })),
]);

const recall = stepOf(
  z.strictObject({
    ...operation,
    query: z.string(),
    max_results: cut,
    max_tokens: cut,
    tags: texts,
    fact_types: texts,
    time_range: z.tuple([z.string(), z.string()]).optional(),
    as_of: z.string().optional(),
    session_id: z.string().optional(),
    query_reference_date: z.string().optional(),
    banks: z.array(z.string()).optional(),
    strategy: strategySchema.optional(),
    external_context: z.array(z.unknown()).optional(),
  }),
  async ({ brain, labels }, step) => {
    const result = await brain.recall(step.query, {
      bankId: step.bank_id,
      banks: step.banks,
      strategy: step.strategy,
      externalContext: step.external_context?.map((hit) => fromWire(memoryHitSchema, hit)),
      queryReferenceDate: step.query_reference_date,
      context: step.context,
      maxResults: step.max_results,
      maxTokens: step.max_tokens,
      tags: step.tags,
      factTypes: step.fact_types,
      timeRange: step.time_range,
      asOf: step.as_of,
      sessionId: step.session_id,
    });
    return toRecordedRecall(result, labels);
  },
);

const history = stepOf(
  z.strictObject({ ...operation, query: z.string(), as_of: z.string(), max_results: cut }),
  async ({ brain, labels }, step) => {
    const result = await brain.recall(step.query, {
      bankId: step.bank_id,
      context: step.context,
      asOf: step.as_of,
      maxResults: step.max_results,
    });
    const { top_semantic_score: _score, ...recorded } = toRecordedRecall(result, labels);
    return { ...recorded, bank_id: step.bank_id, as_of: step.as_of };
  },
);

const reflect = stepOf(
  z.strictObject({
    ...operation,
    query: z.string(),
    banks: texts,
    strategy: strategySchema.optional(),
    max_tokens: cut,
    include_sources: z.boolean().optional(),
    tags: texts,
    as_of: z.string().optional(),
    query_reference_date: z.string().optional(),
    dispositions: dispositionsSchema.optional(),
  }),
  async ({ brain, labels }, step) => {
    const result = await brain.reflect(step.query, {
      bankId: step.bank_id,
      banks: step.banks,
      strategy: step.strategy,
      context: step.context,
      maxTokens: step.max_tokens,
      includeSources: step.include_sources,
      tags: step.tags,
      asOf: step.as_of,
      queryReferenceDate: step.query_reference_date,
      dispositions: step.dispositions,
    });
    return toRecordedReflect(result, labels);
  },
);

const forget = stepOf(
  z.strictObject({
    ...operation,
    memory_ids: texts,
    tags: texts,
    before_date: z.string().optional(),
    scope: z.literal("all").optional(),
    compliance: z.boolean().optional(),
    reason: z.string().optional(),
  }),
  async ({ brain, labels }, step) => {
    const { deletedCount, archivedCount } = await brain.forget({
      bankId: step.bank_id,
      context: step.context,
      memoryIds: step.memory_ids?.map((label) => labels.idOf(label)),
      tags: step.tags,
      beforeDate: step.before_date,
      scope: step.scope,
      compliance: step.compliance,
      reason: step.reason,
    });
    return { deleted_count: deletedCount, archived_count: archivedCount };
  },
);

const permissionSchema = z.custom<Permission>((value) => typeof value === "string");
const holdId = z.string();
/** Who sets a hold is the caller here. */
const holder = z
  .string()
  .transform((principal): AstrocyteContext => ({ principal }))
  .optional();

const steps: Readonly<Record<string, ReadStep>> = {
  retain,
  recall,
  history,
  reflect,
  forget,
  clear_bank: stepOf(z.strictObject(operation), async ({ brain }, step) => {
    const { bank_id: bankId, context } = step;
    const { deletedCount, archivedCount } = await brain.clearBank(bankId, { context });
    return { deleted_count: deletedCount, archived_count: archivedCount };
  }),
  graph: stepOf(
    z.strictObject({ ...base, bank_id: z.string() }),
    ({ graph, labels }, { bank_id: bankId }) => graph.list(bankId, labels),
  ),
  vectors: stepOf(
    z.strictObject({ ...base, bank_id: z.string() }),
    async (world, { bank_id: bankId }) =>
      (await world.listMemories(bankId)).map((item) => toRecordedItem(item, world.labels)),
  ),
  check_access: stepOf(
    z.strictObject({ ...operation, permission: permissionSchema }),
    ({ brain }, { bank_id: bankId, permission, context }) => {
      brain.checkAccess(bankId, permission, context);
      return "allowed";
    },
  ),
  set_legal_hold: stepOf(
    z.strictObject({
      ...operation,
      hold_id: holdId,
      reason: z.string().optional(),
      set_by: holder,
    }),
    async ({ brain }, step) => {
      const hold = await brain.setLegalHold(step.bank_id, step.hold_id, {
        context: step.context ?? step.set_by,
        reason: step.reason,
      });
      return {
        bank_id: hold.bankId,
        hold_id: hold.holdId,
        reason: hold.reason,
        set_by: hold.setBy,
      };
    },
  ),
  release_legal_hold: stepOf(
    z.strictObject({ ...operation, hold_id: holdId }),
    ({ brain }, { bank_id: bankId, hold_id: id, context }) =>
      brain.releaseLegalHold(bankId, id, { context }),
  ),
  fail: stepOf(
    z.strictObject({ ...base, target: z.string(), error: z.string() }),
    ({ faults }, { target, error }) => faults.fail(target, error),
  ),
  repair: stepOf(z.strictObject({ ...base, target: z.string() }), ({ faults }, { target }) =>
    faults.repair(target),
  ),
  advance: stepOf(
    z.strictObject({ ...base, days: z.number().optional(), seconds: z.number().optional() }),
    // The clock moves before every step by what the step says.
    () => undefined,
  ),
  ...modelSteps,
  health: stepOf(z.strictObject(base), async ({ brain }) => {
    const { healthy, message } = await brain.health();
    return { healthy, message };
  }),
};

/** Undefined for a step that has no counterpart. */
export function readStep(step: Step): RunStep | undefined {
  return Object.hasOwn(steps, step.op) ? steps[step.op]?.(step) : undefined;
}

const readingSteps = [
  "audit",
  "check_access",
  "graph",
  "graph_neighbors",
  "graph_search",
  "health",
  "history",
  "get_mental_model",
  "get_observation",
  "list_mental_models",
  "list_observations",
  "recall",
  "reflect",
  "sources",
  "tokens_used",
  "vectors",
  "wiki_pages",
];

/** Whether a step changes nothing that later steps could see, limits apart. */
export function isReading(step: Step): boolean {
  return readingSteps.includes(step.op);
}
