import * as z from "zod";

const recordSchema = z.record(z.string(), z.unknown());

/** One turn of a scripted model: a text, an error to raise, or a text with tool calls. */
const scriptedTurnSchema = z.union([
  z.string(),
  z.object({ raise: z.string() }),
  z.object({ text: z.string(), tool_calls: z.array(z.unknown()).optional() }),
]);
export type ScriptedTurn = z.infer<typeof scriptedTurnSchema>;

const setupSchema = z.strictObject({
  backend: z.enum(["pipeline", "engine", "hybrid", "both", "none"]),
  config: recordSchema.default({}),
  pipeline: recordSchema.optional(),
  engine: recordSchema.optional(),
  hybrid: recordSchema.optional(),
  stores: z.array(z.string()).default([]),
  grants: z
    .array(
      z.object({
        bank_id: z.string(),
        principal: z.string(),
        permissions: z.array(z.string()),
      }),
    )
    .optional(),
  llm: z
    .strictObject({
      default_response: z.string().optional(),
      scripts: z.record(z.string(), z.array(scriptedTurnSchema)).default({}),
    })
    .optional(),
  mip_yaml: z.string().optional(),
  hooks: z.array(z.string()).optional(),
});
export type Setup = z.infer<typeof setupSchema>;

const stepSchema = z.looseObject({
  op: z.string(),
  same_time: z.boolean().default(false),
});
export type Step = z.infer<typeof stepSchema>;

const eventSchema = z.object({
  type: z.string(),
  bank_id: z.string().optional(),
  data: recordSchema,
});
export type RecordedEvent = z.infer<typeof eventSchema>;

const errorSchema = z.object({ class: z.string(), message: z.string().optional() });
export type RecordedError = z.infer<typeof errorSchema>;

/** What a step gave: its result or its error, the events that were asked for, and the calls of the model by purpose. */
const rowSchema = z.object({
  result: z.unknown().optional(),
  error: errorSchema.optional(),
  events: z.array(eventSchema).optional(),
  llm_calls: z.record(z.string(), z.int()).optional(),
});
export type Row = z.infer<typeof rowSchema>;

export const scenarioSchema = z.object({ setup: setupSchema, steps: z.array(stepSchema) });
export type Scenario = z.infer<typeof scenarioSchema>;

export const recordingSchema = z.object({ steps: z.array(rowSchema) });
