import type { ForgetRequest, ForgetResult } from "../../dto/forget.js";
import { observationBankId } from "../../dto/reserved.js";
import type { CallOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";
import { clearBank } from "./clear-bank.js";
import { deleteMemories } from "./delete-memories.js";
import { selectMemories } from "./select-memories.js";

/** Deletes what the request selects from every store, or the whole bank and what was derived from it. */
export async function forget(
  pipeline: Pipeline,
  request: ForgetRequest,
  { signal }: CallOptions = {},
): Promise<ForgetResult> {
  const { bankId } = request;
  if (request.scope === "all") {
    await clearBank(pipeline, { bankId: observationBankId(bankId), signal });
    return { deletedCount: await clearBank(pipeline, { bankId, signal }), archivedCount: 0 };
  }
  const ids = await selectMemories(pipeline, request, { signal });
  return {
    deletedCount: await deleteMemories(pipeline, ids, { bankId, signal }),
    archivedCount: 0,
  };
}
