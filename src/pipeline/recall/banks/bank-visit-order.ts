/** The banks in the order in which a cascade asks them, each once: first those that the order names, then the others. */
export function bankVisitOrder(
  bankIds: readonly string[],
  cascadeOrder: readonly string[] = [],
): string[] {
  const asked = new Set(bankIds);
  return [...new Set([...cascadeOrder.filter((bankId) => asked.has(bankId)), ...bankIds])];
}
