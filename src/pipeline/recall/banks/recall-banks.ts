import type { MemoryHit, RecallResult } from "../../../dto/recall.js";
import { enforceTokenBudget, type TokenCounter } from "../../../policy/tokens.js";
import type { CallOptions } from "../../../spi/call-options.js";
import { addUsage, type ModelUsage } from "../../llm/ask-model.js";
import { askBanks, type BankAnswer, type RecallBank } from "./ask-banks.js";
import { bankVisitOrder } from "./bank-visit-order.js";
import { dedupeByText, tagWithBank, weightByBank } from "./merge-hits.js";
import {
  resolveMultiBankStrategy,
  type MultiBankStrategy,
  type MultiBankStrategyInput,
} from "./multi-bank-strategy.js";

export interface RecallBanksOptions extends CallOptions {
  readonly strategy?: MultiBankStrategyInput | undefined;
  readonly maxResults: number;
  /** For the hits of all banks together. */
  readonly maxTokens?: number | undefined;
  readonly countTokens?: TokenCounter | undefined;
  /** For all banks together, in parallel mode. @defaultValue 30000 */
  readonly timeoutMs?: number | undefined;
  /** Told of each bank that parallel mode leaves out. */
  readonly onBankFailure?: ((bankId: string, error: unknown) => void) | undefined;
}

interface Merged {
  readonly hits: MemoryHit[];
  readonly totalAvailable: number;
  readonly usage: ModelUsage | undefined;
  readonly isTimedOut: boolean;
}

function hitsOf(answers: readonly BankAnswer[]): MemoryHit[] {
  return answers.flatMap(({ bankId, result }) => tagWithBank(result.hits, bankId));
}

function totalOf(answers: readonly BankAnswer[]): number {
  return answers.reduce((total, { result }) => total + result.totalAvailable, 0);
}

function usageOf(answers: readonly BankAnswer[]): ModelUsage | undefined {
  const usages = answers.map(({ result }) => result.usage).filter((usage) => usage !== undefined);
  return usages.length === 0 ? undefined : usages.reduce(addUsage);
}

async function inParallel(
  bankIds: readonly string[],
  recallBank: RecallBank,
  { bankWeights, dedupAcrossBanks }: MultiBankStrategy,
  { timeoutMs = 30_000, onBankFailure, signal }: RecallBanksOptions,
): Promise<Merged> {
  const { answers, isTimedOut } = await askBanks(bankIds, recallBank, {
    timeoutMs,
    signal,
    onBankFailure,
  });
  const weighted = weightByBank(hitsOf(answers), bankWeights);
  const hits = dedupAcrossBanks ? dedupeByText(weighted) : weighted;
  return { hits, totalAvailable: totalOf(answers), usage: usageOf(answers), isTimedOut };
}

/** Asks banks one by one, until `isEnough` of what there is so far. */
async function oneByOne(
  bankIds: readonly string[],
  recallBank: RecallBank,
  { cascadeOrder }: MultiBankStrategy,
  { signal }: RecallBanksOptions,
  isEnough: (hits: readonly MemoryHit[]) => boolean,
): Promise<BankAnswer[]> {
  const answers: BankAnswer[] = [];
  for (const bankId of bankVisitOrder(bankIds, cascadeOrder)) {
    signal?.throwIfAborted();
    answers.push({ bankId, result: await recallBank(bankId, { signal }) });
    if (isEnough(hitsOf(answers))) break;
  }
  return answers;
}

async function cascade(
  bankIds: readonly string[],
  recallBank: RecallBank,
  strategy: MultiBankStrategy,
  options: RecallBanksOptions,
): Promise<Merged> {
  const distinct = (hits: readonly MemoryHit[]) =>
    strategy.dedupAcrossBanks ? dedupeByText(hits) : [...hits];
  const isEnough = (hits: readonly MemoryHit[]) =>
    distinct(hits).length >= strategy.minResultsToStop;
  const answers = await oneByOne(bankIds, recallBank, strategy, options, isEnough);
  const hits = weightByBank(distinct(hitsOf(answers)), strategy.bankWeights);
  return { hits, totalAvailable: totalOf(answers), usage: usageOf(answers), isTimedOut: false };
}

function isAny(hits: readonly MemoryHit[]): boolean {
  return hits.length > 0;
}

async function firstMatch(
  bankIds: readonly string[],
  recallBank: RecallBank,
  strategy: MultiBankStrategy,
  options: RecallBanksOptions,
): Promise<Merged> {
  const answers = await oneByOne(bankIds, recallBank, strategy, options, isAny);
  const hits = weightByBank(hitsOf(answers).slice(0, options.maxResults), strategy.bankWeights);
  return { hits, totalAvailable: totalOf(answers), usage: usageOf(answers), isTimedOut: false };
}

const modes = { parallel: inParallel, cascade, first_match: firstMatch };

/**
 * Recalls from several banks and merges the hits: scores are multiplied with their bank's weight, sorted, and of equal texts
 * the best stays. Scores of different banks compare only as far as the same strategies found them.
 *
 * In parallel mode a bank that fails or is late is left out, and `truncated` is true when one was late. The other modes fail
 * with the bank that they ask.
 *
 * @throws ConfigError when the strategy is unknown; the first bank's error when no bank answered.
 * @remarks Contract 06 section 2.
 */
export async function recallBanks(
  bankIds: readonly string[],
  recallBank: RecallBank,
  options: RecallBanksOptions,
): Promise<RecallResult> {
  const strategy = resolveMultiBankStrategy(options.strategy);
  const banks = [...new Set(bankIds)];
  const { hits, totalAvailable, usage, isTimedOut } = await modes[strategy.mode](
    banks,
    recallBank,
    strategy,
    options,
  );
  const kept = hits.slice(0, Math.max(0, options.maxResults));
  const budgeted = enforceTokenBudget(kept, options.maxTokens, options.countTokens);
  return {
    hits: budgeted.hits,
    totalAvailable,
    truncated: budgeted.truncated || isTimedOut,
    topSemanticScore: 0,
    ...(usage === undefined ? {} : { usage }),
  };
}
