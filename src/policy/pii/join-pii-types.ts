const maxTypes = 32;

/** The types as hooks and logs carry them: one a match, with commas between; of more than 32 the rest as a number. */
export function joinPiiTypes(types: readonly string[]): string {
  const listed = types.slice(0, maxTypes).join(",");
  return types.length > maxTypes ? `${listed},+${types.length - maxTypes} more` : listed;
}
