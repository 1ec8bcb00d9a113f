import * as z from "zod";

export const contentPartSchema = z.object({
  type: z.enum(["text", "image_url", "image_base64", "audio_url", "audio_base64"]),
  text: z.string().optional(),
  imageUrl: z.string().optional(),
  imageBase64: z.string().optional(),
  audioUrl: z.string().optional(),
  audioBase64: z.string().optional(),
  mediaType: z.string().optional(),
});
export type ContentPart = z.infer<typeof contentPartSchema>;

/** A JSON object whose keys are data, never renamed: tool arguments, a JSON Schema. */
export const jsonObjectSchema = z.record(z.string(), z.json());
export type JsonObject = z.infer<typeof jsonObjectSchema>;

export const toolCallSchema = z.object({
  id: z.string(),
  name: z.string(),
  arguments: jsonObjectSchema,
});
export type ToolCall = z.infer<typeof toolCallSchema>;

/** `parameters` is a JSON Schema object. */
export const toolDefinitionSchema = z.object({
  name: z.string(),
  description: z.string(),
  parameters: jsonObjectSchema,
});
export type ToolDefinition = z.infer<typeof toolDefinitionSchema>;

export const messageSchema = z.object({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: z.union([z.string(), z.array(contentPartSchema)]).default(""),
  toolCalls: z.array(toolCallSchema).optional(),
  toolCallId: z.string().optional(),
  name: z.string().optional(),
});
export type Message = z.infer<typeof messageSchema>;

export const tokenUsageSchema = z.object({ inputTokens: z.int(), outputTokens: z.int() });
export type TokenUsage = z.infer<typeof tokenUsageSchema>;

/** Tokens and calls of models; the tokens only as far as the providers report them. */
export const modelUsageSchema = tokenUsageSchema.extend({ calls: z.int() });
export type ModelUsage = z.infer<typeof modelUsageSchema>;

export const completionSchema = z.object({
  text: z.string(),
  model: z.string(),
  usage: tokenUsageSchema.optional(),
  toolCalls: z.array(toolCallSchema).optional(),
});
export type Completion = z.infer<typeof completionSchema>;

export const llmCapabilitiesSchema = z
  .object({
    supportsMultimodalCompletion: z.boolean().default(false),
    modalitiesSupported: z.array(z.string()).optional(),
    supportsMultimodalEmbedding: z.boolean().default(false),
    supportsBatchEmbed: z.boolean().default(true),
  })
  .readonly();
export type LLMCapabilities = z.infer<typeof llmCapabilitiesSchema>;
