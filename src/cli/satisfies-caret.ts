function partsOf(version: string): number[] {
  return (version.split(/[-+]/)[0] ?? "").split(".").map(Number);
}

/**
 * Whether a version is in a range of the form `^1.2.3`: the same up to the first part that is not 0, and no older. A
 * pre-release counts as the version it leads to.
 */
export function satisfiesCaret(version: string, range: string): boolean {
  const actual = partsOf(version);
  const lowest = partsOf(range.replace(/^\^/, ""));
  const fixed = lowest.findIndex((part) => part > 0);
  const isSame = lowest.slice(0, fixed + 1).every((part, index) => actual[index] === part);
  const differing = lowest.findIndex((part, index) => actual[index] !== part);
  return isSame && (differing === -1 || (actual[differing] ?? 0) > (lowest[differing] ?? 0));
}
