import * as z from "zod";
import { documentBlockSchema } from "../../dto/structured-document.js";

const sectionId = z.string();
const index = z.int().min(0);

/** A change of a structured document, in the contract's own spelling, since a model writes it. */
export const deltaOperationSchema = z.discriminatedUnion("op", [
  z.strictObject({
    op: z.literal("append_block"),
    section_id: sectionId,
    block: documentBlockSchema,
  }),
  z.strictObject({
    op: z.literal("insert_block"),
    section_id: sectionId,
    index,
    block: documentBlockSchema,
  }),
  z.strictObject({
    op: z.literal("replace_block"),
    section_id: sectionId,
    index,
    block: documentBlockSchema,
  }),
  z.strictObject({ op: z.literal("remove_block"), section_id: sectionId, index }),
  z.strictObject({
    op: z.literal("add_section"),
    heading: z.string(),
    level: z.int().min(1).max(6).default(2),
    blocks: z.array(documentBlockSchema).default([]),
    after_section_id: z.string().nullish(),
    new_id: z.string().nullish(),
  }),
  z.strictObject({ op: z.literal("remove_section"), section_id: sectionId }),
  z.strictObject({
    op: z.literal("replace_section_blocks"),
    section_id: sectionId,
    blocks: z.array(documentBlockSchema).default([]),
  }),
  z.strictObject({
    op: z.literal("rename_section"),
    section_id: sectionId,
    new_heading: z.string(),
  }),
]);
export type DeltaOperation = z.infer<typeof deltaOperationSchema>;

/** A list of operations, or `undefined`: one that is malformed spoils all. */
export function parseDeltaOperations(value: unknown): DeltaOperation[] | undefined {
  return z.array(deltaOperationSchema).safeParse(value).data;
}
