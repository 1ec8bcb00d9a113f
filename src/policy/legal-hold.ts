import { LegalHoldActiveError } from "../errors.js";
import type { CallOptions } from "../spi/call-options.js";
import type { LegalHoldStore } from "../spi/legal-hold-store.js";

/**
 * Refuses to delete from a bank that is under a legal hold. A store that fails refuses too, with its own error.
 *
 * @throws LegalHoldActiveError that names the hold which was set first.
 */
export async function assertDeletable(
  holds: LegalHoldStore,
  bankId: string,
  options?: CallOptions,
): Promise<void> {
  const [first] = await holds.listHolds(bankId, options);
  if (first !== undefined) throw new LegalHoldActiveError(bankId, first.holdId);
}
