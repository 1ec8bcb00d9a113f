/** What a question is after, as far as its wording shows. */
export const queryIntents = [
  "comparative",
  "exploratory",
  "factual",
  "procedural",
  "relational",
  "temporal",
] as const;

export type KnownIntent = (typeof queryIntents)[number];
export type QueryIntent = KnownIntent | "unknown";
