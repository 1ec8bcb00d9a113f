/** Options of every SPI call that may wait. An aborted signal rejects with its reason. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Options of a call that concerns one bank. Nothing of another bank may be read, counted, changed or deleted. */
export interface BankOptions extends CallOptions {
  readonly bankId: string;
}
