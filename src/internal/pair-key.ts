/** One map key for two names; no other pair has the same, whatever the names contain. */
export function pairKey(first: string, second: string): string {
  return `${first.length}:${first}${second}`;
}
