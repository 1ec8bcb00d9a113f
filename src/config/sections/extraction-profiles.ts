import * as z from "zod";
import { atLeastOne } from "./kinds.js";

const optionalText = (what: string) => z.string().trim().optional().describe(what);

const extractionProfileSchema = z.object({
  content_type: optionalText("What kind of content it is."),
  chunking_strategy: optionalText("How it is cut."),
  entity_extraction: z
    .union([z.boolean(), z.string()])
    .optional()
    .describe("Whether entities are extracted: a flag, `disabled`, or `metadata`."),
  metadata_mapping: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Metadata from fields of the event."),
  tag_rules: z
    .array(z.record(z.string(), z.unknown()))
    .optional()
    .describe("Tags by what the content has in it."),
  chunk_size: atLeastOne.optional().describe("Most characters of a chunk."),
  fact_type: optionalText("The fact type of its memories."),
  authority_tier: optionalText("The authority of its memories."),
});

export const extractionProfilesSchema = z.record(z.string(), extractionProfileSchema);
