import type { ForgetRequest, ForgetResult } from "../dto/forget.js";
import { principalLabel } from "../dto/identity.js";
import { AccessDeniedError } from "../errors.js";
import { assertDeletable } from "../policy/legal-hold.js";
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
  if (context === undefined) throw new AccessDeniedError("anonymous", bankId, "compliance_forget");
  access.check(context, bankId, "admin");
  const actor = principalLabel(context);
  logger.warn("astrocyte.compliance.forget", { bank_id: bankId, actor, reason, scope });
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
  const { bankId, context, compliance = false } = call;
  return inSpan(governance, "forget", bankId, async (setAttributes) => {
    const isWhole = request.scope === "all";
    governance.access.check(context, bankId, isWhole ? "admin" : "forget");
    if (compliance) passCompliance(governance, request, call);
    else await assertDeletable(governance.holds, bankId, { signal: call.signal });
    const result = await dispatch();
    const { deletedCount, archivedCount } = result;
    setAttributes({ "astrocyte.deleted_count": deletedCount });
    const data = { deleted_count: deletedCount, archived_count: archivedCount };
    await governance.hooks.fire("on_forget", bankId, data);
    if (isWhole) await governance.hooks.fire("on_bank_deleted", bankId, {});
    return result;
  });
}
