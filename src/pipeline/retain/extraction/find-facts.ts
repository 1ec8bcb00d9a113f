import type { ModelUsage } from "../../../dto/llm.js";
import type { CallOptions } from "../../../spi/call-options.js";
import { noUsage } from "../../llm/ask-model.js";
import type { Pipeline } from "../../pipeline.js";
import { chunkText } from "../chunking/chunk-text.js";
import type { PreparedContent } from "../prepare-content.js";
import { stageFailed } from "../stage-failed.js";
import { chunkSettings } from "./chunk-settings.js";
import { extractFacts } from "./extract-facts.js";
import { materialiseFacts } from "./materialise-facts.js";

export interface ContentWithUsage {
  readonly content: PreparedContent;
  readonly usage: ModelUsage;
}

/**
 * Has a model describe the chunks of a content as facts, which then take the place of the chunks. The content stays as it was
 * where that is not configured, and when the model fails.
 */
export async function findFacts(
  pipeline: Pipeline,
  content: PreparedContent,
  { signal }: CallOptions,
): Promise<ContentWithUsage> {
  const { llm, retainSettings, options } = pipeline;
  const { facts: settings } = retainSettings;
  if (settings === undefined || llm === undefined) return { content, usage: noUsage };
  const cutting = chunkSettings({
    contentType: undefined,
    defaults: {
      strategy: settings.chunkStrategy,
      maxSize: settings.chunkMaxSize ?? options.maxChunkSize ?? 512,
    },
  });
  const texts = chunkText(content.content, cutting);
  const { maxFactsPerCall } = settings;
  const asked = await extractFacts(llm, texts, { maxFactsPerCall, signal });
  const { bankId, occurredAt } = content.request;
  if (asked.failure !== undefined) stageFailed(pipeline, bankId, "facts", asked.failure);
  if (asked.value.length === 0) return { content, usage: asked.usage };
  const facts = materialiseFacts(asked.value, { occurredAt });
  return { content: { ...content, chunks: facts.memories, facts }, usage: asked.usage };
}
