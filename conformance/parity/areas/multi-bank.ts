import { ProviderUnavailableError, recallResultSchema } from "astrocyte";
import {
  bankVisitOrder,
  recallBanks,
  type MultiBankMode,
  type RecallBank,
} from "astrocyte/pipeline";
import { loadTiktokenCounter } from "astrocyte/policy";
import * as z from "zod";
import { Corrected, NotMapped, outcomeOf, Projection, type AreaRunner } from "../area-runner.js";

/** Any name, since the reference takes any. */
const modeSchema = z.custom<MultiBankMode>((value) => typeof value === "string");
const strategySchema = z.object({
  mode: modeSchema.optional(),
  min_results_to_stop: z.int().optional(),
  cascade_order: z.array(z.string()).nullish(),
  bank_weights: z.record(z.string(), z.number()).nullish(),
  dedup_across_banks: z.boolean().optional(),
});
const bankSchema = z.union([
  z.array(z.tuple([z.string(), z.number()])),
  z.object({ raises: z.string() }),
]);
const recallInput = z.object({
  banks: z.record(z.string(), bankSchema),
  order: z.array(z.string()).optional(),
  strategy: z.union([modeSchema, strategySchema]).nullish(),
  max_results: z.int().default(10),
  max_tokens: z.int().optional(),
});
type RecallInput = z.infer<typeof recallInput>;
const orderInput = z.object({
  bank_ids: z.array(z.string()),
  cascade_order: z.array(z.string()).nullish(),
});
const recordedError = z.looseObject({ error: z.unknown() });

const loading = loadTiktokenCounter("cl100k_base");

async function recallAll({
  banks,
  order,
  strategy,
  max_results: maxResults,
  max_tokens: maxTokens,
}: RecallInput): Promise<unknown> {
  const countTokens = await loading;
  const visited: string[] = [];
  let failures = 0;
  const recallBank: RecallBank = async (bankId) => {
    visited.push(bankId);
    const bank = banks[bankId] ?? [];
    if (!Array.isArray(bank)) throw new ProviderUnavailableError(bankId, bank.raises);
    return {
      hits: bank.map(([text, score]) => ({ text, score })),
      totalAvailable: bank.length,
      truncated: false,
      topSemanticScore: 0,
    };
  };
  const outcome = await outcomeOf(() =>
    recallBanks(order ?? Object.keys(banks), recallBank, {
      strategy:
        typeof strategy === "object" && strategy !== null
          ? {
              mode: strategy.mode,
              minResultsToStop: strategy.min_results_to_stop,
              cascadeOrder: strategy.cascade_order ?? undefined,
              bankWeights: strategy.bank_weights ?? undefined,
              dedupAcrossBanks: strategy.dedup_across_banks,
            }
          : (strategy ?? undefined),
      maxResults,
      maxTokens,
      countTokens,
      onBankFailure: () => {
        failures += 1;
      },
    }),
  );
  const common = { circuit_failures: failures, visited };
  if ("error" in outcome) return { ...common, ...outcome };
  const { hits, totalAvailable, truncated } = recallResultSchema.parse(outcome.result);
  return {
    ...common,
    hits: hits.map(({ text, score, bankId }) => [text, score, bankId]),
    total_available: totalAvailable,
    truncated,
  };
}

async function run(input: unknown, expected: unknown): Promise<unknown> {
  const parsed = recallInput.parse(input);
  const actual = await recallAll(parsed);
  const { banks, strategy } = parsed;
  const names = parsed.order ?? Object.keys(banks);
  const mode = typeof strategy === "string" ? strategy : (strategy?.mode ?? "parallel");
  const unavailable = { error: { class: "ProviderUnavailable" } };
  const areDown = names.length > 0 && names.every((name) => !Array.isArray(banks[name] ?? []));
  if (mode === "parallel" && areDown) {
    return new Corrected(
      actual,
      { ...unavailable, circuit_failures: names.length, visited: names },
      "06 section 2: when no bank answers the recall fails; it does not come back empty",
    );
  }
  const recorded = recordedError.partial().parse(expected);
  // The stub's own class of error stands for any that a bank throws.
  const isStub = z.object({ error: z.object({ class: z.literal("Boom") }) }).safeParse(expected);
  return isStub.success ? new Projection(actual, { ...recorded, ...unavailable }) : actual;
}

/** Recall over several banks. */
export const multiBank: AreaRunner = {
  area: "multi_bank",
  run: ({ category, input, expected }) => {
    switch (category) {
      case "recall":
        return run(input, expected);
      case "order": {
        const { bank_ids: bankIds, cascade_order: order } = orderInput.parse(input);
        return { order: bankVisitOrder(bankIds, order ?? undefined) };
      }
      default:
        return new NotMapped("06 section 2: the hybrid engine is left for later");
    }
  },
};
