import * as z from "zod";

/** `timeouts` are seconds by phase name; header names are data, never renamed. */
export const httpClientContextSchema = z.object({
  proxy: z.string().optional(),
  caBundle: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  timeouts: z.record(z.string(), z.number()).optional(),
});
export type HttpClientContext = z.infer<typeof httpClientContextSchema>;

export const transportCapabilitiesSchema = z
  .object({
    supportsProxy: z.boolean().default(false),
    supportsCustomCa: z.boolean().default(false),
    supportsClientCert: z.boolean().default(false),
    supportsHeaders: z.boolean().default(false),
  })
  .readonly();
export type TransportCapabilities = z.infer<typeof transportCapabilitiesSchema>;
