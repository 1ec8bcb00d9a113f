import * as z from "zod";

const name = z.string().trim().min(1);
const action = z.enum(["redact", "reject", "warn"]);

/** `name` is the custom type; `type` is its older spelling. */
const patternSchema = z
  .object({
    name: name.optional(),
    type: name.optional(),
    pattern: z.string().min(1),
    replacement: z.string().optional(),
  })
  .refine((value) => (value.name ?? value.type) !== undefined, "expected a name");

export const piiSchema = z.object({
  mode: z.enum(["disabled", "regex", "ner", "llm", "rules_then_llm"]).default("regex"),
  action: action.default("redact"),
  /** Packs of national identifiers, such as `UK` or `SG`. */
  countries: z.array(name).default([]),
  type_overrides: z
    .record(z.string(), z.object({ action: action.optional(), replacement: z.string().optional() }))
    .default({}),
  patterns: z.array(patternSchema).default([]),
  /** Regions whose national phone numbers are found too, as ISO 3166 codes. */
  phone_regions: z.array(name).default([]),
  scan_metadata: z.boolean().default(true),
  scan_tags: z.boolean().default(false),
  /** What to do when the model that scans fails: scan by rules and report, or refuse the content. */
  pii_llm_failure: z.enum(["warn", "reject"]).default("warn"),
});

/** What every content passes before it is stored. */
export const barriersSchema = z.object({
  pii: piiSchema.prefault({}),
  validation: z
    .object({
      /** In Unicode code points. */
      max_content_length: z.int().nonnegative().default(50_000),
      reject_empty_content: z.boolean().default(true),
      reject_binary_content: z.boolean().default(true),
      /** An empty list means text, conversation and document, like an absent one. */
      allowed_content_types: z.array(name).default([]),
    })
    .prefault({}),
  metadata: z
    .object({
      blocked_keys: z.array(z.string()).default(["api_key", "password", "token", "secret"]),
      max_metadata_size_bytes: z.int().nonnegative().default(4096),
    })
    .prefault({}),
  /** Memories that read like instructions are marked, or also kept out of recall. */
  prompt_injection: z
    .object({ mode: z.enum(["off", "mark", "quarantine"]).default("mark") })
    .prefault({}),
});
