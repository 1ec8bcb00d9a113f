/** Remembers the vectors used last, at most `capacity` of them. */
export class RecentVectors {
  readonly #capacity: number;
  /** Least recently used first. */
  readonly #vectors = new Map<string, readonly number[]>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: string): readonly number[] | undefined {
    const vector = this.#vectors.get(key);
    if (vector !== undefined) {
      this.#vectors.delete(key);
      this.#vectors.set(key, vector);
    }
    return vector;
  }

  set(key: string, vector: readonly number[]): void {
    this.#vectors.delete(key);
    this.#vectors.set(key, vector);
    for (const oldest of this.#vectors.keys()) {
      if (this.#vectors.size <= this.#capacity) break;
      this.#vectors.delete(oldest);
    }
  }

  clear(): void {
    this.#vectors.clear();
  }
}
