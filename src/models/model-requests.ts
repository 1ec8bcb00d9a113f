import * as z from "zod";
import { assertBankId } from "../dto/bank-id.js";
import type { MentalModelDraft } from "../dto/mental-model.js";
import { parseShape } from "../dto/parse.js";
import { documentSectionSchema } from "../dto/structured-document.js";
import { toTimestamp } from "../dto/timestamp.js";
import { InvalidArgumentError } from "../errors.js";
import type { GovernedCall } from "../governance/call-scope.js";
import { renderMarkdown } from "../pipeline/documents/render-markdown.js";
import { callContext } from "../requests.js";
import type { ModelOptions, UpsertModelOptions } from "./model-options.js";

const idSchema = z.string().refine((id) => id.trim() !== "", "expected a text that is not blank");

/** @throws InvalidArgumentError for one that is no text, or blank. */
export function modelIdOf(id: unknown, subject: string): string {
  return parseShape(idSchema, id, subject);
}

/** @throws ConfigError for a bad bank id; InvalidArgumentError for a bad context. */
export function modelCall(operation: string, options: ModelOptions): GovernedCall {
  const { bankId, context, signal } = options;
  assertBankId(bankId);
  return { bankId, context: callContext(operation, context), signal };
}

const fieldsSchema = z.object({
  title: z.string(),
  content: z.string().optional(),
  sections: z.array(documentSectionSchema).optional(),
  scope: z.string().default("bank"),
  kind: z.string().default("general"),
  sourceIds: z.array(z.string()).default([]),
});

/**
 * What an upsert stores.
 *
 * @throws InvalidArgumentError when there is neither `content` nor `sections`, and for fields of another form.
 */
export function modelDraft(
  modelId: string,
  options: UpsertModelOptions,
  subject: string,
): MentalModelDraft {
  const { content, sections, ...fields } = parseShape(fieldsSchema, options, subject);
  const { sourceTimestamps } = options;
  const draft = {
    modelId,
    ...fields,
    ...(sourceTimestamps === undefined
      ? {}
      : {
          sourceTimestamps: sourceTimestamps.map((instant) =>
            toTimestamp(instant, `${subject}: sourceTimestamps`),
          ),
        }),
  };
  if (sections !== undefined) {
    const structuredDoc = { version: 1 as const, sections };
    return { ...draft, content: renderMarkdown(structuredDoc), structuredDoc };
  }
  if (content !== undefined) return { ...draft, content };
  throw new InvalidArgumentError(`${subject}: give content (Markdown) or sections`);
}
