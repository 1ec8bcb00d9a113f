import { KeyedMutex } from "../internal/keyed-mutex.js";

export interface BackgroundTasksOptions {
  /** Most tasks that have not ended; further ones are refused. @defaultValue 1000 */
  readonly maxPending?: number | undefined;
}

/** Work that goes on after the call that caused it has returned; tasks of one bank run one after another. */
export class BackgroundTasks {
  readonly #maxPending: number;
  readonly #mutex = new KeyedMutex();
  readonly #pending = new Set<Promise<void>>();

  constructor({ maxPending = 1000 }: BackgroundTasksOptions = {}) {
    this.#maxPending = maxPending;
  }

  /** Tasks that have not ended. */
  get size(): number {
    return this.#pending.size;
  }

  /**
   * @param task - Must not reject: nobody hears it.
   * @returns Whether the task will run; not when too many wait already.
   */
  start(bankId: string, task: () => Promise<void>): boolean {
    if (this.#pending.size >= this.#maxPending) return false;
    const running = this.#mutex.run([bankId], task).finally(() => {
      this.#pending.delete(running);
    });
    this.#pending.add(running);
    return true;
  }

  /** Waits until every task has ended, those begun meanwhile included. */
  async flush(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}
