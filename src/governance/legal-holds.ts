import { assertBankId } from "../dto/bank-id.js";
import { formatActor, resolveActor, type AstrocyteContext } from "../dto/identity.js";
import type { LegalHold } from "../dto/legal-hold.js";
import { toTimestamp } from "../dto/timestamp.js";
import { InvalidArgumentError } from "../errors.js";
import { permissionOf } from "../policy/permissions.js";
import type { CallOptions } from "../spi/call-options.js";
import type { Governance } from "./governance.js";

export interface LegalHoldOptions extends CallOptions {
  readonly context?: AstrocyteContext | undefined;
  /** Why, for the record. */
  readonly reason?: string | undefined;
}

function assertHoldId(holdId: unknown): void {
  if (typeof holdId === "string" && holdId.trim() !== "") return;
  throw new InvalidArgumentError("A legal hold needs an id, a text that is not blank");
}

function holderOf(context: AstrocyteContext | undefined): string {
  const actor = context === undefined ? undefined : resolveActor(context);
  return actor === undefined ? "user:api" : formatActor(actor);
}

async function report(
  { hooks, logger }: Governance,
  action: "set" | "released",
  bankId: string,
  holdId: string,
): Promise<void> {
  logger.info?.(`astrocyte.legal_hold.${action}`, { bank_id: bankId, hold_id: holdId });
  await hooks.fire("on_legal_hold", bankId, { action, hold_id: holdId });
}

export async function setHold(
  governance: Governance,
  bankId: string,
  holdId: string,
  { context, reason = "", signal }: LegalHoldOptions,
): Promise<LegalHold> {
  assertBankId(bankId);
  assertHoldId(holdId);
  governance.access.check(context, bankId, permissionOf("setLegalHold"));
  const hold: LegalHold = {
    bankId,
    holdId,
    reason,
    setBy: holderOf(context),
    setAt: toTimestamp(governance.clock.now()),
  };
  // Behind the forgets that have begun, so that none of them deletes after this call has said that the hold stands.
  await governance.deletions.run([bankId], () => governance.holds.setHold(hold, { signal }));
  await report(governance, "set", bankId, holdId);
  return hold;
}

export async function releaseHold(
  governance: Governance,
  bankId: string,
  holdId: string,
  { context, signal }: LegalHoldOptions,
): Promise<boolean> {
  assertBankId(bankId);
  assertHoldId(holdId);
  governance.access.check(context, bankId, permissionOf("releaseLegalHold"));
  const released = await governance.holds.releaseHold(bankId, holdId, { signal });
  if (released) await report(governance, "released", bankId, holdId);
  return released;
}

export async function listHolds(
  governance: Governance,
  bankId: string,
  { context, signal }: LegalHoldOptions,
): Promise<readonly LegalHold[]> {
  assertBankId(bankId);
  governance.access.check(context, bankId, permissionOf("listLegalHolds"));
  return governance.holds.listHolds(bankId, { signal });
}
