import { legalHoldSchema, type LegalHold } from "../dto/legal-hold.js";
import { parseShape } from "../dto/parse.js";
import type { LegalHoldStore } from "../spi/legal-hold-store.js";
import { Banked } from "./banked.js";
import { refuseUnknownKeys, type ProviderConfig, type TestingContext } from "./provider-options.js";

/** Legal holds in the process's memory, which forgets them when it ends. */
export function createInMemoryLegalHoldStore(
  config: ProviderConfig = {},
  _context: TestingContext = {},
): LegalHoldStore {
  refuseUnknownKeys("in_memory legal hold store", config, []);
  const banks = new Banked<LegalHold>();

  return {
    async setHold(hold, options) {
      options?.signal?.throwIfAborted();
      const parsed = parseShape(legalHoldSchema, hold, "legal hold");
      banks.set(parsed.bankId, parsed.holdId, parsed);
    },

    async releaseHold(bankId, holdId, options) {
      options?.signal?.throwIfAborted();
      return banks.delete(bankId, holdId);
    },

    async listHolds(bankId, options) {
      options?.signal?.throwIfAborted();
      return structuredClone(banks.values(bankId));
    },
  };
}
