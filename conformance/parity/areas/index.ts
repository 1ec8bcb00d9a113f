import type { AreaRunner } from "../area-runner.js";
import { lifecycle } from "./lifecycle.js";
import { identityJwt } from "./identity-jwt.js";
import { escalation } from "./escalation.js";
import { accessControl } from "./access-control.js";
import { configGrants } from "./config-grants.js";
import { configLoad } from "./config-load.js";
import { chunking } from "./chunking.js";
import { createE2eBackends } from "./e2e-backends.js";
import { createE2ePipeline } from "./e2e-pipeline.js";
import { createE2ePolicy } from "./e2e-policy.js";
import { dlpOutput } from "./dlp-output.js";
import { fusion } from "./fusion.js";
import { inMemoryStores } from "./in-memory-stores.js";
import { mockProvider } from "./mock-provider.js";
import { spiContract } from "./spi-contract.js";
import { contentValidation } from "./content-validation.js";
import { metadataSanitizer } from "./metadata-sanitizer.js";
import { portability } from "./portability.js";
import { piiScanner } from "./pii-scanner.js";
import { quota } from "./quota.js";
import { rateLimiter } from "./rate-limiter.js";
import { signalQuality } from "./signal-quality.js";
import { queryAnalyzer } from "./query-analyzer.js";
import { temporalArithmetic } from "./temporal-arithmetic.js";
import { temporalExpressions } from "./temporal-expressions.js";
import { tokens } from "./tokens.js";
import { consolidation } from "./consolidation.js";
import { conversationChunking } from "./conversation-chunking.js";
import { curated } from "./curated.js";
import { entityResolution } from "./entity-resolution.js";
import { extraction } from "./extraction.js";
import { jsonTolerant } from "./json-tolerant.js";
import { llmParsers } from "./llm-parsers.js";
import { structuredDoc } from "./structured-doc.js";
import { trend } from "./trend.js";
import { queryIntent } from "./query-intent.js";
import { queryPlan } from "./query-plan.js";
import { reranking } from "./reranking.js";
import { rerankBoosts } from "./rerank-boosts.js";
import { linkExpansion } from "./link-expansion.js";
import { recallAuthority } from "./recall-authority.js";
import { recallCache } from "./recall-cache.js";
import { multiBank } from "./multi-bank.js";
import { utility } from "./utility.js";
import { disposition } from "./disposition.js";
import { orchestratorHelpers } from "./orchestrator-helpers.js";

/** The areas that are replayed; every other area's cases count as not mapped. */
export const areaRunners: readonly AreaRunner[] = [
  lifecycle,
  identityJwt,
  escalation,
  accessControl,
  configGrants,
  configLoad,
  chunking,
  createE2eBackends(),
  createE2ePipeline(),
  createE2ePolicy(),
  dlpOutput,
  fusion,
  inMemoryStores,
  mockProvider,
  spiContract,
  contentValidation,
  metadataSanitizer,
  portability,
  piiScanner,
  quota,
  rateLimiter,
  signalQuality,
  queryAnalyzer,
  temporalArithmetic,
  temporalExpressions,
  tokens,
  consolidation,
  conversationChunking,
  curated,
  entityResolution,
  extraction,
  jsonTolerant,
  llmParsers,
  structuredDoc,
  trend,
  queryIntent,
  queryPlan,
  reranking,
  rerankBoosts,
  linkExpansion,
  recallAuthority,
  recallCache,
  multiBank,
  utility,
  disposition,
  orchestratorHelpers,
];
