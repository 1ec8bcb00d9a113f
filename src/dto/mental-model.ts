import * as z from "zod";
import { structuredDocumentSchema } from "./structured-document.js";
import { timestampSchema } from "./timestamp.js";

/**
 * What is held to be true of a bank or of someone in it: a document that is kept up to date instead of a memory that is added.
 *
 * `scope` says whom or what it is about: `bank`, `person:alice`. `kind` is `general`, `preference` or `directive`; the set is
 * open. `content` is Markdown; where there is a `structuredDoc`, it is rendered from that. `sourceTimestamps` stand at the
 * places of `sourceIds`, or are absent. `revision` counts from 1.
 */
export const mentalModelSchema = z
  .object({
    modelId: z.string().min(1),
    bankId: z.string().min(1),
    title: z.string(),
    content: z.string(),
    scope: z.string(),
    sourceIds: z.array(z.string()),
    revision: z.int().min(1),
    refreshedAt: timestampSchema,
    kind: z.string().default("general"),
    structuredDoc: structuredDocumentSchema.optional(),
    sourceTimestamps: z.array(timestampSchema).optional(),
  })
  .readonly();
export type MentalModel = z.infer<typeof mentalModelSchema>;

/** A mental model before it is stored: the store gives it its bank, revision and time. */
export const mentalModelDraftSchema = mentalModelSchema
  .unwrap()
  .omit({ bankId: true, revision: true, refreshedAt: true })
  .extend({ scope: z.string().default("bank"), sourceIds: z.array(z.string()).default([]) })
  .readonly();
export type MentalModelDraft = z.infer<typeof mentalModelDraftSchema>;

/** A {@link MentalModelDraft} as it is written; whatever is left out has its default. */
export type MentalModelDraftInput = z.input<typeof mentalModelDraftSchema>;
