/** Values keyed by (bank, id), in the order of their first insertion. */
export class Banked<Value> {
  readonly #banks = new Map<string, Map<string, Value>>();

  get(bankId: string, id: string): Value | undefined {
    return this.#banks.get(bankId)?.get(id);
  }

  set(bankId: string, id: string, value: Value): void {
    const bank = this.#banks.get(bankId) ?? new Map<string, Value>();
    this.#banks.set(bankId, bank.set(id, value));
  }

  delete(bankId: string, id: string): boolean {
    return this.#banks.get(bankId)?.delete(id) ?? false;
  }

  values(bankId: string): Value[] {
    return [...(this.#banks.get(bankId)?.values() ?? [])];
  }

  /** Empties a bank and returns how many values it held. */
  clear(bankId: string): number {
    const count = this.#banks.get(bankId)?.size ?? 0;
    this.#banks.delete(bankId);
    return count;
  }

  clearAll(): void {
    this.#banks.clear();
  }
}
