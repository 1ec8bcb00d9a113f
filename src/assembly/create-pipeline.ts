import type { AstrocyteOptions } from "../astrocyte-options.js";
import { systemClock } from "../clock.js";
import { KeyedMutex } from "../internal/keyed-mutex.js";
import { BankIndexes } from "../pipeline/bank-index/bank-indexes.js";
import { createEmbedder } from "../pipeline/embedder.js";
import { parsePipelineOptions } from "../pipeline/pipeline-options.js";
import { assertForgettable, type Pipeline } from "../pipeline/pipeline.js";
import { RecallCache } from "../pipeline/recall/cache/recall-cache.js";
import { DedupDetector } from "../policy/dedup-detector.js";
import { heuristicTokenCount, type TokenCounter } from "../policy/tokens.js";
import { safeLogger } from "../safe-logger.js";
import { recallSettingsOf } from "../settings/recall-settings-of.js";
import { reflectSettingsOf } from "../settings/reflect-settings-of.js";
import { retainSettingsOf } from "../settings/retain-settings-of.js";
import { isProvider } from "../spi/guards.js";
import type { MentalModelStore } from "../spi/mental-model-store.js";
import type { Ground } from "./ground.js";
import { randomBytes } from "node:crypto";

export function createRandomId(): string {
  return randomBytes(8).toString("hex");
}

/** A vector store that keeps mental models too serves as their store. */
export function mentalModelStoreOf({
  mentalModelStore,
  vectorStore,
}: AstrocyteOptions): MentalModelStore | undefined {
  if (mentalModelStore !== undefined) return mentalModelStore;
  return isProvider(vectorStore, "MentalModelStore") ? vectorStore : undefined;
}

export function countTokensOf({ countTokens }: AstrocyteOptions, { peers }: Ground): TokenCounter {
  return countTokens ?? peers.countTokens ?? heuristicTokenCount;
}

export function createPipeline(options: AstrocyteOptions, ground: Ground): Pipeline | undefined {
  const { vectorStore, documentStore, graphStore, llm, embeddings } = options;
  const pipelineOptions = parsePipelineOptions(options.pipeline ?? {});
  if (vectorStore === undefined) return undefined;
  const logger = safeLogger(options.logger);
  const clock = options.clock ?? systemClock;
  const recallSettings = recallSettingsOf(ground.config);
  const { cache } = recallSettings;
  const pipeline: Pipeline = {
    vectorStore,
    documentStore,
    graphStore,
    mentalModelStore: mentalModelStoreOf(options),
    llm,
    embedder: createEmbedder(embeddings ?? llm, logger),
    reranker: options.reranker,
    clock,
    logger,
    createId: options.createId ?? createRandomId,
    retainMutex: new KeyedMutex(),
    countTokens: countTokensOf(options, ground),
    dedup: new DedupDetector(),
    indexes: new BankIndexes(),
    options: pipelineOptions,
    retainSettings: retainSettingsOf(ground.config),
    recallSettings,
    recallCache: cache === undefined ? undefined : new RecallCache({ ...cache, clock }),
    reflectSettings: reflectSettingsOf(ground.config),
  };
  assertForgettable(pipeline);
  return pipeline;
}
