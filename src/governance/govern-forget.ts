import { isBankId } from "../dto/bank-id.js";
import type { ForgetRequest, ForgetResult } from "../dto/forget.js";
import { principalLabel, resolveActor } from "../dto/identity.js";
import { observationBankId } from "../dto/reserved.js";
import { AccessDeniedError } from "../errors.js";
import { abortable } from "../internal/abortable.js";
import { assertDeletable } from "../policy/legal-hold.js";
import { permissionOf } from "../policy/permissions.js";
import { inSpan, type GovernedCall } from "./call-scope.js";
import type { Governance } from "./governance.js";

export interface GovernedForget extends GovernedCall {
  /** Deletes in spite of a legal hold; the caller must be known, and be an admin where access is controlled. */
  readonly compliance?: boolean | undefined;
  /** Why, for the log. */
  readonly reason?: string | undefined;
}

/** A compliance deletion is allowed to known callers only, and leaves a line in the log. */
function passCompliance(
  { access, logger }: Governance,
  { scope = "selection" }: ForgetRequest,
  { bankId, context, reason = "compliance_forget_request" }: GovernedForget,
): void {
  const { id = "" } = (context === undefined ? undefined : resolveActor(context)) ?? {};
  if (!/[\p{L}\p{N}]/u.test(id)) {
    throw new AccessDeniedError("anonymous", bankId, "compliance_forget");
  }
  const actor = principalLabel(context);
  access.check(context, bankId, permissionOf("complianceForget"));
  logger.warn("astrocyte.compliance.forget", { bank_id: bankId, actor, reason, scope });
}

/** What goes with a bank: what was derived from it is a part of it. */
function banksOf({ bankId, scope }: ForgetRequest): string[] {
  const derived = observationBankId(bankId);
  return scope === "all" && isBankId(derived) ? [bankId, derived] : [bankId];
}

/**
 * Forgets through access and legal holds. Neither limits nor an open circuit stand in the way of an erasure.
 *
 * @throws AccessDeniedError, LegalHoldActiveError.
 */
export function governForget(
  governance: Governance,
  request: ForgetRequest,
  call: GovernedForget,
  dispatch: () => Promise<ForgetResult>,
): Promise<ForgetResult> {
  const { bankId, context, signal, compliance = false } = call;
  return inSpan(governance, "forget", bankId, async (setAttributes) => {
    const isWhole = request.scope === "all";
    // An admin may erase by law without the everyday permission.
    const { access } = governance;
    const isAdmin = compliance && access.allows(context, bankId, permissionOf("complianceForget"));
    if (!isAdmin) access.check(context, bankId, permissionOf(isWhole ? "forgetAll" : "forget"));
    if (compliance) passCompliance(governance, request, call);
    const banks = banksOf(request);
    const result = await governance.deletions.run(banks, async () => {
      if (!compliance) {
        for (const bank of banks) await assertDeletable(governance.holds, bank, { signal });
      }
      return abortable(signal, dispatch);
    });
    const { deletedCount, archivedCount } = result;
    setAttributes({ "astrocyte.deleted_count": deletedCount });
    const data = { deleted_count: deletedCount, archived_count: archivedCount };
    await governance.hooks.fire("on_forget", bankId, data);
    if (isWhole && deletedCount > 0) await governance.hooks.fire("on_bank_deleted", bankId, {});
    return result;
  });
}
