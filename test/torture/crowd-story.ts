/** The bank that a worker uses in a round; over all rounds it uses all of them. */
export function bankOf(who: number, round: number, banks: number): string {
  return `bank-${(round * 7 + who * 3) % banks}-end`;
}

/** What one worker says in one round, and nobody else ever. */
export function markOf(who: number, round: number): string {
  return `w${who}r${round}q`;
}
