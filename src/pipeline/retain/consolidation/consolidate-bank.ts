import type { VectorItem } from "../../../dto/vector.js";
import { assertDeletable } from "../../../policy/legal-hold.js";
import type { BankOptions } from "../../../spi/call-options.js";
import type { LegalHoldStore } from "../../../spi/legal-hold-store.js";
import type { VectorStore } from "../../../spi/vector-store.js";
import { listAllVectors } from "../../list-all-vectors.js";
import { planConsolidation, type ConsolidationRules } from "./plan-consolidation.js";

const mostMemories = 100_000;

export interface ConsolidationContext {
  readonly vectorStore: VectorStore;
  readonly legalHolds: LegalHoldStore;
  /** Deletes memories in every store and says how many there were. */
  readonly remove: (ids: readonly string[], options: BankOptions) => Promise<number>;
}

export interface ConsolidationResult {
  readonly scanned: number;
  readonly duplicatesRemoved: number;
  readonly staleRemoved: number;
}

async function firstMemories(
  vectorStore: VectorStore,
  options: BankOptions,
): Promise<VectorItem[]> {
  const items: VectorItem[] = [];
  for await (const item of listAllVectors(vectorStore, options)) {
    items.push(item);
    if (items.length >= mostMemories) break;
  }
  return items;
}

/**
 * Deletes repetitions and stale memories of a bank, of which the first 100 000 are looked at.
 *
 * @throws LegalHoldActiveError for a bank under a legal hold, and also when the hold comes while it works; nothing more is
 *   deleted then.
 */
export async function consolidateBank(
  { vectorStore, legalHolds, remove }: ConsolidationContext,
  rules: ConsolidationRules,
  options: BankOptions,
): Promise<ConsolidationResult> {
  await assertDeletable(legalHolds, options.bankId, options);
  const items = await firstMemories(vectorStore, options);
  const { scanned, duplicateIds, staleIds } = planConsolidation(items, rules);
  const removed = async (ids: readonly string[]): Promise<number> => {
    if (ids.length === 0) return 0;
    await assertDeletable(legalHolds, options.bankId, options);
    return remove(ids, options);
  };
  const duplicatesRemoved = await removed(duplicateIds);
  return { scanned, duplicatesRemoved, staleRemoved: await removed(staleIds) };
}
