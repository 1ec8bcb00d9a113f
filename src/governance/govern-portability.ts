import { permissionOf } from "../policy/permissions.js";
import { assertDeletable } from "../policy/legal-hold.js";
import type { ImportResult } from "../portability/import-result.js";
import type { KeyedRetainRequest } from "../pipeline/retain/prepare-content.js";
import { inSpan, type GovernedCall } from "./call-scope.js";
import type { Governance } from "./governance.js";
import { passBarriers } from "./pass-barriers.js";
import type { GuardedOperation } from "./provider-guard.js";

/**
 * Hands out the lines of an export to a caller who may have them.
 *
 * @throws AccessDeniedError before the first line.
 */
export async function* governExport(
  { access, guard, hooks, logger }: Governance,
  { bankId, context, signal }: GovernedCall,
  linesOf: (operation: GuardedOperation) => AsyncGenerator<string, number>,
): AsyncGenerator<string, void> {
  access.check(context, bankId, permissionOf("exportBank"));
  const operation = guard.begin(signal);
  try {
    const memoryCount = yield* linesOf(operation);
    logger.info?.("astrocyte.export", { bank_id: bankId, memory_count: memoryCount });
    await hooks.fire("on_export", bankId, { memory_count: memoryCount });
  } finally {
    operation.settle();
  }
}

/** What an import needs of the policies. */
export interface ImportGuards {
  readonly passBarriers: (keyed: KeyedRetainRequest) => Promise<KeyedRetainRequest | string>;
  /** Runs a step behind the circuits of the providers; one that deletes, apart from legal holds. */
  readonly runStep: (
    step: (operation: GuardedOperation) => Promise<void>,
    rule: { readonly deletes: boolean },
  ) => Promise<void>;
}

/**
 * Lets a caller who may do so import: through the barriers, and past the limits, which would only cut a move in two.
 *
 * @throws AccessDeniedError; LegalHoldActiveError when memories would be replaced in a bank under a hold.
 */
export function governImport(
  governance: Governance,
  call: GovernedCall,
  run: (guards: ImportGuards) => Promise<ImportResult>,
): Promise<ImportResult> {
  const { access, guard, hooks, deletions, holds } = governance;
  const { bankId, context, signal } = call;
  return inSpan(governance, "import", bankId, async (setAttributes) => {
    access.check(context, bankId, permissionOf("importBank"));
    const policy = governance.policyFor(bankId);
    const result = await run({
      passBarriers: (keyed) => passBarriers(governance, policy, keyed, call),
      runStep: async (step, { deletes }) => {
        const guarded = async () => {
          const operation = guard.begin(signal);
          try {
            await step(operation);
          } finally {
            operation.settle();
          }
        };
        if (!deletes) return guarded();
        return deletions.run([bankId], async () => {
          await assertDeletable(holds, bankId, { signal });
          await guarded();
        });
      },
    });
    const { imported, skipped, errors } = result;
    setAttributes({ "astrocyte.imported_count": imported });
    await hooks.fire("on_import", bankId, { imported, skipped, errors });
    return result;
  });
}
