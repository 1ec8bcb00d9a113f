import type { AstrocyteContext } from "../dto/identity.js";
import type { CallOptions } from "../spi/call-options.js";

/** One record to be put. */
export interface RecordPut {
  readonly bankId: string;
  /** One a bank; putting the same again replaces the record. */
  readonly id: string;
  /** What is read back, exactly as it is. */
  readonly data: string;
  /** All that `data` tells, as people would read it: what the barriers look at. */
  readonly content: string;
  /** What recall finds; absent for a record that it must not find. */
  readonly text?: string | undefined;
  /** Who calls; needed where access is controlled. */
  readonly context?: AstrocyteContext | undefined;
}

/** One record to be deleted; an unknown one is none. */
export type RecordDelete = Pick<RecordPut, "bankId" | "id" | "context">;

/** What one call changes; each id of a bank is put or deleted once. */
export interface RecordChanges {
  readonly puts?: readonly RecordPut[] | undefined;
  readonly deletes?: readonly RecordDelete[] | undefined;
}

export interface RecordOptions extends CallOptions {
  readonly bankId: string;
  /** Who calls; needed where access is controlled. */
  readonly context?: AstrocyteContext | undefined;
}
