import * as z from "zod";

const off = z.boolean().default(false);

export const engineCapabilitiesSchema = z
  .object({
    supportsReflect: off,
    supportsForget: off,
    supportsSemanticSearch: z.boolean().default(true),
    supportsKeywordSearch: off,
    supportsGraphSearch: off,
    supportsTemporalSearch: off,
    supportsDispositions: off,
    supportsConsolidation: off,
    supportsEntities: off,
    supportsTags: off,
    supportsMetadata: z.boolean().default(true),
    supportsCompile: off,
    maxRetainBytes: z.int().optional(),
    maxRecallResults: z.int().optional(),
    maxEmbeddingDims: z.int().optional(),
  })
  .readonly();
export type EngineCapabilities = z.infer<typeof engineCapabilitiesSchema>;
