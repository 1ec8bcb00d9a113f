import { assertBankId } from "../dto/bank-id.js";
import type { ForgetResult } from "../dto/forget.js";
import type { AstrocyteContext } from "../dto/identity.js";
import { InvalidArgumentError } from "../errors.js";
import { listAllVectors } from "../pipeline/list-all-vectors.js";
import { decideLifecycle } from "../policy/memory-lifecycle.js";
import { permissionOf } from "../policy/permissions.js";
import type { CallOptions } from "../spi/call-options.js";
import type { VectorStore } from "../spi/vector-store.js";
import type { Governance } from "./governance.js";

export interface LifecycleOptions extends CallOptions {
  readonly context?: AstrocyteContext | undefined;
  /**
   * What becomes of memories that are old enough to be archived: there is no archive, so that `delete` forgets them.
   *
   * @defaultValue "report"
   */
  readonly archiveMode?: "report" | "delete" | undefined;
}

/** What became of the memories of a bank because of their age. */
export interface LifecycleResult {
  /** Memories to archive, and, in mode `report`, their ids; these are kept. */
  readonly archivedCount: number;
  readonly archiveIds: readonly string[];
  /** Memories that were forgotten. */
  readonly deletedCount: number;
  /** Memories that stay for another reason than the mode. */
  readonly skippedCount: number;
}

/** Looks at every memory of a bank, and forgets what is too old through `forget`, in one turn with legal holds. */
export async function runLifecycle(
  governance: Governance,
  vectorStore: VectorStore,
  bankId: string,
  { context, signal, archiveMode = "report" }: LifecycleOptions,
  forget: (memoryIds: readonly string[]) => Promise<ForgetResult>,
): Promise<LifecycleResult> {
  assertBankId(bankId);
  if (archiveMode !== "report" && archiveMode !== "delete") {
    throw new InvalidArgumentError('runLifecycle: archiveMode: expected "report" or "delete"');
  }
  governance.access.check(context, bankId, permissionOf("runLifecycle"));
  const { enabled, ttl } = governance.policyFor(bankId).config.lifecycle;
  if (!enabled) return { archivedCount: 0, archiveIds: [], deletedCount: 0, skippedCount: 0 };
  // Behind the forgets and the holds that have begun, and before later ones.
  return governance.deletions.run([bankId], async () => {
    const isHeld = (await governance.holds.listHolds(bankId, { signal })).length > 0;
    const now = governance.clock.now();
    const ids = { keep: [] as string[], archive: [] as string[], delete: [] as string[] };
    for await (const item of listAllVectors(vectorStore, { bankId, signal })) {
      ids[decideLifecycle(item, ttl, { now, isHeld }).action].push(item.id);
    }
    const due = archiveMode === "delete" ? [...ids.delete, ...ids.archive] : ids.delete;
    const deletedCount = due.length === 0 ? 0 : (await forget(due)).deletedCount;
    if (deletedCount > 0) {
      const data = { deleted_count: deletedCount, archived_count: ids.archive.length };
      await governance.hooks.fire("on_forget", bankId, data);
    }
    return {
      archivedCount: ids.archive.length,
      archiveIds: archiveMode === "report" ? ids.archive : [],
      deletedCount,
      skippedCount: ids.keep.length,
    };
  });
}
