import * as z from "zod";
import { metadataSchema } from "./metadata.js";
import { timestampSchema } from "./timestamp.js";

/** `entityType` is PERSON, ORG, LOCATION, PRODUCT, EVENT, CONCEPT, OTHER, or a word of the host's own. */
export const entitySchema = z.object({
  id: z.string().min(1),
  name: z.string(),
  entityType: z.string(),
  aliases: z.array(z.string()).optional(),
  metadata: metadataSchema.optional(),
  embedding: z.array(z.number()).optional(),
  mentionCount: z.int().default(1),
});
export type Entity = z.infer<typeof entitySchema>;

export const entityCandidateMatchSchema = z.object({
  entity: entitySchema,
  nameSimilarity: z.number(),
  embeddingSimilarity: z.number().optional(),
  coOccurringNames: z.array(z.string()).default([]),
  lastSeen: timestampSchema.optional(),
  mentionCount: z.int().default(1),
});
export type EntityCandidateMatch = z.infer<typeof entityCandidateMatchSchema>;

/** `linkType` is `alias_of`, `co_occurs`, `works_at`, or another; `confidence` lies in `[0, 1]`. */
export const entityLinkSchema = z.object({
  entityA: z.string(),
  entityB: z.string(),
  linkType: z.string(),
  evidence: z.string().default(""),
  confidence: z.number().default(1),
  createdAt: timestampSchema.optional(),
  metadata: metadataSchema.optional(),
});
export type EntityLink = z.infer<typeof entityLinkSchema>;

export const memoryEntityAssociationSchema = z.object({
  memoryId: z.string(),
  entityId: z.string(),
});
export type MemoryEntityAssociation = z.infer<typeof memoryEntityAssociationSchema>;

/** For `caused_by` the source is the effect and the target the cause; the other type is `semantic`. */
export const memoryLinkSchema = z.object({
  sourceMemoryId: z.string(),
  targetMemoryId: z.string(),
  linkType: z.string(),
  evidence: z.string().default(""),
  confidence: z.number().default(1),
  weight: z.number().default(1),
  createdAt: timestampSchema.optional(),
  metadata: metadataSchema.optional(),
});
export type MemoryLink = z.infer<typeof memoryLinkSchema>;

/** `connectedEntities` are entity ids; `depth` is the number of links walked. */
export const graphHitSchema = z.object({
  memoryId: z.string(),
  text: z.string(),
  connectedEntities: z.array(z.string()),
  depth: z.int(),
  score: z.number(),
});
export type GraphHit = z.infer<typeof graphHitSchema>;
