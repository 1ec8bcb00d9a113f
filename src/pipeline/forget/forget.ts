import type { ForgetRequest, ForgetResult } from "../../dto/forget.js";
import type { BankOptions, CallOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";
import { clearBank } from "./clear-bank.js";
import { deleteMemories } from "./delete-memories.js";
import { addCounts, nothingDeleted, type DeletionCounts } from "./deletion-counts.js";
import { derivedBank } from "./drop-observations.js";
import { selectMemories } from "./select-memories.js";
import { probesFor, verifyForgotten } from "./verify-forgotten.js";

const probePageSize = 200;

/** What is done is done: a store that does not answer now takes nothing back. */
async function needsCompaction({ vectorStore }: Pipeline): Promise<boolean | undefined> {
  return vectorStore.needsCompaction?.().catch(() => true);
}

async function resultOf(
  pipeline: Pipeline,
  counts: DeletionCounts,
  verified: boolean,
): Promise<ForgetResult> {
  const due = await needsCompaction(pipeline);
  const isHidden = pipeline.vectorStore.capabilities.erases === false;
  const receipt = {
    ...counts,
    verified,
    ...(due === undefined ? {} : { needsCompaction: due }),
    ...(isHidden ? { erased: false } : {}),
  };
  return { deletedCount: counts.vectors, archivedCount: 0, receipt };
}

async function isEmpty({ vectorStore }: Pipeline, bank: BankOptions): Promise<boolean> {
  return (await vectorStore.listVectors({ ...bank, offset: 0, limit: 1 })).length === 0;
}

async function forgetAll(pipeline: Pipeline, bank: BankOptions): Promise<ForgetResult> {
  const derived = derivedBank(bank);
  const first = await pipeline.vectorStore.listVectors({
    ...bank,
    offset: 0,
    limit: probePageSize,
  });
  const ids = first.map(({ id }) => id);
  const probes = await probesFor(pipeline, ids, bank);
  const clearDerived = async () =>
    derived === undefined ? 0 : (await clearBank(pipeline, derived)).vectors;
  // Before, so that a forget that is cut off can be repeated; and after, since an observation may be drawn meanwhile.
  const before = await clearDerived();
  const counts = await clearBank(pipeline, bank);
  const observations = before + (await clearDerived());
  const isGone = await verifyForgotten(pipeline, ids, probes, bank);
  const banks = derived === undefined ? [bank] : [bank, derived];
  const empty = await Promise.all(banks.map((one) => isEmpty(pipeline, one)));
  return resultOf(pipeline, { ...counts, observations }, isGone && empty.every(Boolean));
}

/** Selecting pages through the bank, and a deletion elsewhere shifts the pages; so it is repeated until nothing is left. */
async function forgetSelected(
  pipeline: Pipeline,
  request: ForgetRequest,
  bank: BankOptions,
): Promise<ForgetResult> {
  let counts = nothingDeleted;
  let isVerified = true;
  for (;;) {
    const ids = await selectMemories(pipeline, request, bank);
    const probes = await probesFor(pipeline, ids, bank);
    const deleted = await deleteMemories(pipeline, ids, bank);
    counts = addCounts(counts, deleted);
    isVerified = (await verifyForgotten(pipeline, ids, probes, bank)) && isVerified;
    if (deleted.vectors === 0) return resultOf(pipeline, counts, isVerified);
  }
}

/**
 * Deletes what the request selects from every store, or the whole bank, and what was derived from it; and then looks whether it
 * is gone.
 */
export function forget(
  pipeline: Pipeline,
  request: ForgetRequest,
  options: CallOptions = {},
): Promise<ForgetResult> {
  const bank = { bankId: request.bankId, signal: options.signal };
  return request.scope === "all"
    ? forgetAll(pipeline, bank)
    : forgetSelected(pipeline, request, bank);
}
