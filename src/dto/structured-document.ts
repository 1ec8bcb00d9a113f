import * as z from "zod";

export const documentBlockSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("paragraph"), text: z.string() }),
  z.strictObject({ type: z.literal("bullet_list"), items: z.array(z.string()) }),
  z.strictObject({ type: z.literal("ordered_list"), items: z.array(z.string()) }),
  z.strictObject({
    type: z.literal("code"),
    text: z.string(),
    language: z.string().nullish(),
  }),
]);
export type DocumentBlock = z.infer<typeof documentBlockSchema>;

/** A heading of level 1 to 6 and what follows it; `id` stays when the heading is changed. */
export const documentSectionSchema = z.strictObject({
  id: z.string().min(1),
  heading: z.string(),
  level: z.int().min(1).max(6).default(2),
  blocks: z.array(documentBlockSchema).default([]),
});
export type DocumentSection = z.infer<typeof documentSectionSchema>;

/** A document that can be changed section by section; the ids of its sections differ. */
export const structuredDocumentSchema = z.strictObject({
  version: z.literal(1).default(1),
  sections: z.array(documentSectionSchema).default([]),
});
export type StructuredDocument = z.infer<typeof structuredDocumentSchema>;
