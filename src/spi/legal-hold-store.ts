import type { LegalHold } from "../dto/legal-hold.js";
import type { CallOptions } from "./call-options.js";

/**
 * Keeps legal holds. They outlive the process and the memories: emptying a bank leaves its holds in place, and only
 * `releaseHold` ends one. A vector store that has these methods too serves as hold store.
 */
export interface LegalHoldStore {
  /** Upserts on (`bankId`, `holdId`); a hold that is set again keeps its place in the order. */
  setHold(hold: LegalHold, options?: CallOptions): Promise<void>;
  /** Whether there was such a hold. */
  releaseHold(bankId: string, holdId: string, options?: CallOptions): Promise<boolean>;
  /** The holds of one bank, in the order in which they were first set. */
  listHolds(bankId: string, options?: CallOptions): Promise<LegalHold[]>;
}
