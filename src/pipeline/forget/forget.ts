import { isBankId } from "../../dto/bank-id.js";
import type { ForgetRequest, ForgetResult } from "../../dto/forget.js";
import { observationBankId } from "../../dto/reserved.js";
import type { CallOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";
import { clearBank } from "./clear-bank.js";
import { deleteMemories } from "./delete-memories.js";
import { selectMemories } from "./select-memories.js";

async function forgetAll(
  pipeline: Pipeline,
  bankId: string,
  options: CallOptions,
): Promise<number> {
  const derived = observationBankId(bankId);
  if (isBankId(derived)) await clearBank(pipeline, { bankId: derived, ...options });
  return clearBank(pipeline, { bankId, ...options });
}

/** Selecting pages through the bank, and a deletion elsewhere shifts the pages; so it is repeated until nothing is left. */
async function forgetSelected(
  pipeline: Pipeline,
  request: ForgetRequest,
  options: CallOptions,
): Promise<number> {
  let total = 0;
  for (;;) {
    const ids = await selectMemories(pipeline, request, options);
    const deleted = await deleteMemories(pipeline, ids, { bankId: request.bankId, ...options });
    total += deleted;
    if (deleted === 0) return total;
  }
}

/** Deletes what the request selects from every store, or the whole bank and what was derived from it. */
export async function forget(
  pipeline: Pipeline,
  request: ForgetRequest,
  options: CallOptions = {},
): Promise<ForgetResult> {
  const deletedCount =
    request.scope === "all"
      ? await forgetAll(pipeline, request.bankId, options)
      : await forgetSelected(pipeline, request, options);
  return { deletedCount, archivedCount: 0 };
}
