import type { CallOptions } from "../spi/call-options.js";
import { ClosedError } from "../errors.js";

/** Whether a provider is still open. */
export class Lifetime {
  readonly #subject: string;
  #closed = false;

  constructor(subject: string) {
    this.#subject = subject;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** @throws ClosedError after `close`, else the reason of an aborted signal. */
  enter(options: CallOptions | undefined): void {
    if (this.#closed) throw new ClosedError(this.#subject);
    options?.signal?.throwIfAborted();
  }

  close(): void {
    this.#closed = true;
  }
}
