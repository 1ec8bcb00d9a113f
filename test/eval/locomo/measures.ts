/** What one ranked answer is worth against the ids that hold the evidence. */
export interface Measures {
  readonly recall5: number;
  readonly recall10: number;
  readonly recall20: number;
  readonly hit20: number;
  readonly mrr: number;
  readonly ndcg10: number;
}

/** @param ranked - Ids, best first, each once. */
export function measure(ranked: readonly string[], evidence: ReadonlySet<string>): Measures {
  const ranks = [...evidence].map((id) => {
    const at = ranked.indexOf(id);
    return at < 0 ? Number.POSITIVE_INFINITY : at;
  });
  const share = (depth: number) => ranks.filter((rank) => rank < depth).length / evidence.size;
  const first = Math.min(...ranks);
  const gain = ranks
    .filter((rank) => rank < 10)
    .reduce((sum, rank) => sum + 1 / Math.log2(rank + 2), 0);
  let ideal = 0;
  for (let rank = 0; rank < Math.min(10, evidence.size); rank += 1)
    ideal += 1 / Math.log2(rank + 2);
  return {
    recall5: share(5),
    recall10: share(10),
    recall20: share(20),
    hit20: first < 20 ? 1 : 0,
    mrr: Number.isFinite(first) ? 1 / (first + 1) : 0,
    ndcg10: gain / ideal,
  };
}

export function meanOf(all: readonly Measures[]): Measures {
  const mean = (read: (one: Measures) => number) =>
    all.reduce((sum, one) => sum + read(one), 0) / Math.max(1, all.length);
  return {
    recall5: mean(({ recall5 }) => recall5),
    recall10: mean(({ recall10 }) => recall10),
    recall20: mean(({ recall20 }) => recall20),
    hit20: mean(({ hit20 }) => hit20),
    mrr: mean(({ mrr }) => mrr),
    ndcg10: mean(({ ndcg10 }) => ndcg10),
  };
}
