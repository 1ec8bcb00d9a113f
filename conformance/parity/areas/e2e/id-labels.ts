/**
 * The recording's names for generated ids: `m1`, `m2`, … in the order in which a store or an engine took them. Ids that were
 * never stored, and texts that are no ids, stay as they are.
 */
export class IdLabels {
  readonly #labels = new Map<string, string>();
  readonly #ids = new Map<string, string>();

  note(ids: readonly string[]): void {
    for (const id of ids) {
      if (this.#labels.has(id)) continue;
      const label = `m${this.#labels.size + 1}`;
      this.#labels.set(id, label);
      this.#ids.set(label, id);
    }
  }

  labelOf(id: string): string {
    return this.#labels.get(id) ?? id;
  }

  idOf(label: string): string {
    return this.#ids.get(label) ?? label;
  }

  /** Where in the order of storing an id stands; ids that were never stored come last. */
  rankOf(id: string): number {
    const label = this.#labels.get(id);
    return label === undefined ? Number.POSITIVE_INFINITY : Number(label.slice(1));
  }

  /** A text with the labels in place of the ids. */
  label(text: string): string {
    return text.replace(/[\w-]+/g, (word) => this.labelOf(word));
  }

  /** A scripted text with `{{m1}}` and the like replaced by the ids. */
  fill(text: string): string {
    return text.replace(/\{\{(\w+)\}\}/g, (_whole, label: string) => this.idOf(label));
  }
}
