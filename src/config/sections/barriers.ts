import * as z from "zod";
import { count, text } from "./kinds.js";

const action = z.enum(["redact", "reject", "warn"]);

const patternSchema = z
  .object({
    name: text.optional().describe("The custom type, such as `EMPLOYEE_ID`."),
    type: text.optional().describe("The older spelling of `name`."),
    pattern: z.string().min(1).describe("A regular expression of RE2."),
    replacement: z
      .string()
      .optional()
      .describe("What a match becomes; `[<NAME>_REDACTED]` when left out."),
  })
  .refine((value) => (value.name ?? value.type) !== undefined, {
    path: ["name"],
    error: "is missing, expected text",
  });

const overrideSchema = z.object({
  action: action.optional().describe("What happens to a content with this type."),
  replacement: z.string().optional().describe("What a match of this type becomes."),
});

export const piiSchema = z.object({
  mode: z
    .enum(["disabled", "regex", "ner", "llm", "rules_then_llm"])
    .default("regex")
    .describe(
      "How personal data is found: not at all, by rules, by names too, by the model, or by both.",
    ),
  action: action.default("redact").describe("What happens to a content with personal data."),
  countries: z
    .array(text)
    .default([])
    .describe("Packs of national identifiers, such as `UK` or `SG`."),
  type_overrides: z
    .record(z.string(), overrideSchema)
    .default({})
    .describe("Another action or replacement for some types, such as `credit_card`."),
  patterns: z.array(patternSchema).default([]).describe("Types of your own."),
  phone_regions: z
    .array(text)
    .default([])
    .describe("Extension. Regions whose national phone numbers are found too, as ISO 3166 codes."),
  scan_metadata: z.boolean().default(true).describe("Extension. Whether metadata is scanned."),
  scan_tags: z.boolean().default(false).describe("Extension. Whether tags are scanned."),
  pii_llm_failure: z
    .enum(["warn", "reject"])
    .default("warn")
    .describe(
      "Extension. When the model that scans fails: scan by rules and report, or refuse the content.",
    ),
});

/** What every content passes before it is stored. */
export const barriersSchema = z.object({
  pii: piiSchema.prefault({}).describe("Personal data."),
  validation: z
    .object({
      max_content_length: count.default(50_000).describe("In Unicode code points."),
      reject_empty_content: z.boolean().default(true).describe("Refuses blank contents."),
      reject_binary_content: z
        .boolean()
        .default(true)
        .describe("Refuses contents with NUL or with many control characters."),
      allowed_content_types: z
        .array(text)
        .default([])
        .describe(
          "An empty list means `text`, `conversation` and `document`. Contents of other types (`email`, `transcript`, `event`) " +
            "are refused unless they are listed.",
        ),
    })
    .prefault({})
    .describe("The content itself."),
  metadata: z
    .object({
      blocked_keys: z
        .array(z.string())
        .default(["api_key", "password", "token", "secret"])
        .describe("Keys that are left out; a list of your own replaces this one."),
      max_metadata_size_bytes: count
        .default(4096)
        .describe("Of the metadata as JSON; the last keys are left out until it fits."),
    })
    .prefault({})
    .describe("The metadata beside the content."),
  prompt_injection: z
    .object({
      mode: z
        .enum(["off", "mark", "quarantine"])
        .default("mark")
        .describe(
          "Extension. Whether memories that read like instructions are marked, or also kept out of recall.",
        ),
    })
    .prefault({})
    .describe("Extension. Memories that read like instructions."),
});
