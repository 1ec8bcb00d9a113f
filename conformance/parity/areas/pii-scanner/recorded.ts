import * as z from "zod";

export const matchSchema = z.object({
  type: z.string(),
  start: z.int(),
  end: z.int(),
  text: z.string(),
  replacement: z.string(),
});
export type RecordedMatch = z.infer<typeof matchSchema>;

export const configSchema = z.object({
  mode: z.string().default("regex"),
  action: z.string().default("redact"),
  countries: z.array(z.string()).default([]),
  type_overrides: z
    .record(
      z.string(),
      z.object({ action: z.string().optional(), replacement: z.string().optional() }),
    )
    .default({}),
  custom_patterns: z.record(z.string(), z.tuple([z.string(), z.string()])).default({}),
});
export type ScannerConfig = z.infer<typeof configSchema>;

export const scanInput = z.object({ config: configSchema, text: z.string() });
export const scanExpectation = z.object({ matches: z.array(matchSchema) });
