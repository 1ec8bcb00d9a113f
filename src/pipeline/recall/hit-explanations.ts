import type { HitExplanation } from "../../dto/recall.js";
import type { VectorFilters } from "../../dto/vector.js";
import type { Candidate } from "./candidate.js";
import type { Fused, RankedList } from "./fusion.js";

function emptyExplanation(): HitExplanation {
  return { strategies: {}, fusedScore: 0, boosts: {}, filters: [] };
}

function namesOf(filters: VectorFilters): string[] {
  return Object.entries(filters)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([name]) => name);
}

/** Why each candidate of one recall stands where it stands. */
export class HitExplanations {
  readonly #byId = new Map<string, HitExplanation>();

  /** Candidates that searches found, best first. */
  found(lists: readonly RankedList<{ readonly id: string; readonly score: number }>[]): void {
    for (const { name, items, weight } of lists) {
      if (weight === 0) continue;
      for (const [index, { id, score }] of items.entries()) {
        this.#of(id).strategies[name] = { rank: index + 1, score };
      }
    }
  }

  signs(id: string, signs: Readonly<Record<string, number>>): void {
    this.#of(id).signs = { ...signs };
  }

  fused(entries: readonly Fused<Candidate>[]): void {
    for (const { item, fusedScore } of entries) this.#of(item.id).fusedScore = fusedScore;
  }

  /** By how much a stage moved each score; what it did not move is not mentioned. */
  moved(
    stage: string,
    before: readonly Fused<Candidate>[],
    after: readonly Fused<Candidate>[],
  ): void {
    const scores = new Map(before.map(({ item, fusedScore }) => [item.id, fusedScore]));
    for (const { item, fusedScore } of after) {
      const change = fusedScore - (scores.get(item.id) ?? 0);
      if (change !== 0) this.#of(item.id).boosts[stage] = change;
    }
  }

  passed(entries: readonly Fused<Candidate>[], filters: VectorFilters): void {
    const names = namesOf(filters);
    for (const { item } of entries) this.#of(item.id).filters = names;
  }

  get(id: string): HitExplanation {
    return this.#of(id);
  }

  #of(id: string): HitExplanation {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const explanation = emptyExplanation();
    this.#byId.set(id, explanation);
    return explanation;
  }
}
