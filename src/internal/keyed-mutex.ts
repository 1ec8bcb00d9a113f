/** Runs tasks that share a key one after another; tasks without a common key run side by side. */
export class KeyedMutex {
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs the task when all tasks before it with one of the keys have ended, however they ended. */
  async run<Result>(keys: readonly string[], task: () => Promise<Result>): Promise<Result> {
    const unique = [...new Set(keys)];
    const before = Promise.all(unique.map(async (key) => this.#tails.get(key)));
    // Registered in the same tick for all keys, so two tasks can never wait for each other.
    const result = before.then(task);
    const tail = result.then(
      () => undefined,
      () => undefined,
    );
    for (const key of unique) this.#tails.set(key, tail);
    try {
      return await result;
    } finally {
      for (const key of unique) if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }

  /** Waits for the tasks that have been given so far. */
  async idle(): Promise<void> {
    await Promise.all(this.#tails.values());
  }
}
