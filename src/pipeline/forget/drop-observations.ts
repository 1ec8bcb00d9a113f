import { isBankId } from "../../dto/bank-id.js";
import { observationBankId } from "../../dto/reserved.js";
import type { BankOptions } from "../../spi/call-options.js";
import { listAllVectors } from "../list-all-vectors.js";
import type { Pipeline } from "../pipeline.js";
import { sourceMemoryIds } from "../recall/expansion/source-memory-ids.js";
import { deleteEverywhere } from "./delete-everywhere.js";

/** The bank with what is derived from a bank; undefined for a bank that holds what is derived itself, or whose name is full. */
export function derivedBank({ bankId, signal }: BankOptions): BankOptions | undefined {
  const derived = observationBankId(bankId);
  const isDerived = bankId.endsWith(observationBankId(""));
  return isDerived || !isBankId(derived) ? undefined : { bankId: derived, signal };
}

/** The observations that were drawn from any of the memories, among others. */
export async function observationsOf(
  { vectorStore }: Pipeline,
  memoryIds: ReadonlySet<string>,
  bank: BankOptions,
): Promise<string[]> {
  const derived = derivedBank(bank);
  const found: string[] = [];
  if (derived === undefined) return found;
  for await (const { id, metadata } of listAllVectors(vectorStore, derived)) {
    if (sourceMemoryIds(metadata).some((source) => memoryIds.has(source))) found.push(id);
  }
  return found;
}

/**
 * Deletes the observations that were drawn from any of the memories: their words may be the memory's. What other memories say
 * of it can be observed anew.
 *
 * @returns How many there were.
 */
export async function dropObservations(
  pipeline: Pipeline,
  memoryIds: ReadonlySet<string>,
  bank: BankOptions,
): Promise<number> {
  const derived = derivedBank(bank);
  if (derived === undefined) return 0;
  let total = 0;
  // A deletion elsewhere shifts the pages, so that one look may miss some.
  for (;;) {
    const ids = await observationsOf(pipeline, memoryIds, bank);
    const { vectors } = await deleteEverywhere(pipeline, ids, derived);
    total += vectors;
    if (vectors === 0) return total;
  }
}
