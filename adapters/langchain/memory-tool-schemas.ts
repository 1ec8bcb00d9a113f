import * as z from "zod";

/** The tools that a model can have. */
export type MemoryOperation = "retain" | "recall" | "reflect" | "forget";

const tags = z.array(z.string().max(255)).max(20).nullish();
const memoryIds = z.array(z.string());
const query = z.string().min(1);

/**
 * What a model may say to each tool: the parameters of the MCP tools of the same names without bank, banks and strategy, which
 * are the host's, and with a time range.
 *
 * @remarks Contract 06 section 6.
 */
export const memoryToolSchemas = {
  retain: z.strictObject({
    content: z.string().describe("What to remember."),
    tags: tags.describe("Labels to find it by."),
    metadata: z
      .record(z.string(), z.string())
      .nullish()
      .describe("Flat facts about it, names and texts."),
    occurred_at: z
      .string()
      .nullish()
      .describe("When it happened, as ISO 8601; not when it is stored."),
  }),
  recall: z.strictObject({
    query: query.describe("What to look for, in plain words."),
    max_results: z.int().default(10).describe("How many memories to give at most."),
    tags: tags.describe("Only memories with any of these labels."),
    session_id: z.string().nullish().describe("Only memories of this session."),
    time_range: z
      .strictObject({ start: z.string().nullish(), end: z.string().nullish() })
      .nullish()
      .describe("Only what happened in this time, both ends included, as ISO 8601."),
  }),
  reflect: z.strictObject({
    query: query.describe("The question."),
    max_tokens: z.int().min(1).nullish().describe("How long the answer may be."),
    include_sources: z.boolean().default(true),
  }),
  forget: z.strictObject({
    memory_ids: memoryIds.nullish().describe("Ids that a recall gave."),
    tags,
  }),
};

export type MemoryToolArguments<Operation extends MemoryOperation> = z.output<
  (typeof memoryToolSchemas)[Operation]
>;

/** The schemas without the parameters that the host has fixed. */
export function schemasWithout(fixed: {
  readonly tags: boolean;
  readonly session: boolean;
}): Readonly<Record<MemoryOperation, z.ZodObject>> {
  const { retain, recall, reflect, forget } = memoryToolSchemas;
  const recallOfTags = fixed.tags ? recall.omit({ tags: true }) : recall;
  return {
    retain: fixed.tags ? retain.omit({ tags: true }) : retain,
    recall: fixed.session ? recallOfTags.omit({ session_id: true }) : recallOfTags,
    reflect,
    // Without ids it would be all that has the tags.
    forget: fixed.tags
      ? z.strictObject({ memory_ids: memoryIds.min(1).describe("Ids that a recall gave.") })
      : forget,
  };
}
