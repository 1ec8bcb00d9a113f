export { topPlaces, type IsBefore } from "./bank-index/top-places.js";
export { VectorMatrix } from "./bank-index/vector-matrix.js";
export { reciprocalRankFusion, type Fused, type RankedList } from "./recall/fusion.js";

export { analyseQuery, rangeOfQueryTime } from "./temporal/analyse-query.js";
export type { AnalyseQueryOptions, QueryTime } from "./temporal/analyse-query.js";
export { expandTemporalExpression } from "./temporal/expand-temporal-expression.js";
export { askForQueryTime, resolveQueryTime } from "./temporal/resolve-query-time.js";
export type { ResolvedQueryTime } from "./temporal/resolve-query-time.js";
export { parseDayRange, parseTimeRangeAnswer } from "./temporal/parse-time-range.js";
export { hasTemporalMarker } from "./temporal/temporal-marker.js";
export { extractTemporalHints } from "./temporal/temporal-hints.js";
export type { TemporalHint, TemporalHintKind } from "./temporal/temporal-hints.js";
export {
  rangeOfTemporalFacts,
  resolveTemporalFacts,
  temporalMetadata,
} from "./temporal/temporal-facts.js";
export type { TemporalFact, TemporalGranularity } from "./temporal/temporal-facts.js";
export { detectDurationQuestion, durationUnit } from "./temporal/duration-question.js";
export type {
  DurationOperation,
  DurationQuestion,
  DurationUnit,
} from "./temporal/duration-question.js";
export { formatDuration } from "./temporal/format-duration.js";
export { findEventDate } from "./temporal/find-event-date.js";
export type { DatedText } from "./temporal/find-event-date.js";
export { answerDurationQuestion } from "./temporal/answer-duration-question.js";
export { trendOf, type Trend, type TrendOptions } from "./temporal/trend.js";
export { observationTrend } from "./temporal/observation-trend.js";

export { classifyIntent, scoreIntents } from "./recall/intent/classify-intent.js";
export type { IntentClassification, IntentScore } from "./recall/intent/classify-intent.js";
export { intentWeights } from "./recall/intent/intent-weights.js";
export type { StrategyWeights, WeightedStrategy } from "./recall/intent/intent-weights.js";
export { queryIntents } from "./recall/intent/query-intent.js";
export type { KnownIntent, QueryIntent } from "./recall/intent/query-intent.js";
export { planQuery, type PlannedVariant, type QueryPlan } from "./recall/plan/query-plan.js";
export type { GuidanceKind, GuidanceLine } from "./recall/plan/plan-guidance.js";
export { capitalisedNames } from "./recall/plan/capitalised-names.js";
export { externalCandidates } from "./recall/external-candidates.js";
export { weighLayers } from "./recall/weigh-layers.js";
export { contentTerms, termsOf } from "./recall/rerank/terms.js";
export { isNameShaped, properNouns, titleCaseNames } from "./recall/rerank/names.js";
export type { RankedMemory } from "./recall/rerank/ranked-memory.js";
export { basicRerank, type BasicRerankOptions } from "./recall/rerank/basic-rerank.js";
export { heuristicRerank } from "./recall/rerank/heuristic-rerank.js";
export { spreadSessions } from "./recall/rerank/spread-sessions.js";
export { rerankWith } from "./recall/rerank/rerank-with.js";
export type { Reranked, Reranker, RerankWithOptions } from "./recall/rerank/rerank-with.js";
export { modelRerank, type ModelRerankOptions } from "./recall/rerank/model-rerank.js";
export { parseRankedIds } from "./recall/rerank/ranked-ids.js";
export {
  applyBoosts,
  boostMultiplier,
  proofScore,
  recencyScore,
  temporalOverlapScore,
} from "./recall/rerank/boosts.js";
export type { BoostFacts, BoostOptions, MemoryDates } from "./recall/rerank/boosts.js";
export { linkScore, type LinkSignals, type LinkWeights } from "./recall/expansion/link-score.js";
export { expandLinks } from "./recall/expansion/expand-links.js";
export type { FindMemories, LinkExpansionOptions } from "./recall/expansion/expand-links.js";
export { semanticLinks, type SemanticLinkOptions } from "./recall/expansion/semantic-links.js";
export { sourceMemoryIds } from "./recall/expansion/source-memory-ids.js";
export { authorityContext } from "./recall/authority/authority-context.js";
export { withAuthorityTier } from "./recall/authority/retained-tier.js";
export type { AuthorityOptions, AuthorityTier } from "./recall/authority/authority-options.js";
export { RecallCache } from "./recall/cache/recall-cache.js";
export type { RecallCacheKey, RecallCacheOptions } from "./recall/cache/recall-cache.js";
export { recallScope } from "./recall/cache/recall-scope.js";
export { recallBanks, type RecallBanksOptions } from "./recall/banks/recall-banks.js";
export type { RecallBank } from "./recall/banks/ask-banks.js";
export { bankVisitOrder } from "./recall/banks/bank-visit-order.js";
export {
  multiBankStrategySchema,
  resolveMultiBankStrategy,
} from "./recall/banks/multi-bank-strategy.js";
export type {
  MultiBankMode,
  MultiBankStrategy,
  MultiBankStrategyInput,
} from "./recall/banks/multi-bank-strategy.js";
export { memoryUtility } from "./recall/utility/memory-utility.js";
export type { MemoryUse, MemoryUtility, UtilityOptions } from "./recall/utility/memory-utility.js";
export { UtilityTracker, type UtilityTrackerOptions } from "./recall/utility/utility-tracker.js";
export { traitLeaning, traitSentences } from "./reflect/disposition/trait-sentences.js";
export {
  choosePromptVariant,
  resolvePromptVariant,
  variantInstructions,
} from "./reflect/plan/prompt-variant.js";
export type { PromptVariant, VariantChoice } from "./reflect/plan/prompt-variant.js";
export {
  abstentionAnswer,
  abstentionFloor,
  abstentionSkepticism,
  shouldAbstain,
} from "./reflect/plan/abstention.js";

export {
  parseFencedJson,
  parseTolerantJson,
  type TolerantJsonLimits,
} from "./llm/tolerant-json.js";
export { looksTruncated } from "./llm/looks-truncated.js";
export type { ModelOutcome, ModelUsage } from "./llm/ask-model.js";
export { parseSubQueries } from "./llm/parse-sub-queries.js";
export { parsePremises, parsePremiseVerdict } from "./llm/parse-premises.js";
export type { Premise, PremiseVerdict } from "./llm/parse-premises.js";
export { extractPremises, judgePremise, verifyPremises } from "./llm/verify-premises.js";
export type { CheckedPremise, PremiseCheck, PremiseCheckOptions } from "./llm/verify-premises.js";
export { isDoneTool, normaliseToolName } from "./llm/tool-name.js";
export { normaliseContent } from "./retain/normalise.js";
export { builtinExtractionProfiles } from "./retain/extraction/extraction-profile.js";
export type { ExtractionProfile } from "./retain/extraction/extraction-profile.js";
export { chunkSettings } from "./retain/extraction/chunk-settings.js";
export type {
  ChunkOverrides,
  ChunkSettings,
  ChunkSettingsInput,
} from "./retain/extraction/chunk-settings.js";
export { mapMetadata } from "./retain/extraction/map-metadata.js";
export { applyTagRules } from "./retain/extraction/apply-tag-rules.js";
export { mergeMetadata, mergeTags } from "./retain/extraction/merge.js";
export {
  effectiveContentType,
  prepareInput,
  shouldExtractEntities,
} from "./retain/extraction/prepare-input.js";
export type { PreparedInput, RetainInput } from "./retain/extraction/prepare-input.js";
export { extractFacts, type ExtractFactsOptions } from "./retain/extraction/extract-facts.js";
export { parseFacts, type Fact, type FactCause } from "./retain/extraction/parse-facts.js";
export { materialiseFacts } from "./retain/extraction/materialise-facts.js";
export type {
  FactContext,
  FactMemory,
  MaterialisedFacts,
} from "./retain/extraction/materialise-facts.js";
export { extractCausalPairs, parseCausalPairs } from "./retain/extraction/causal-pairs.js";
export type { CausalPair, CausalPairLimits } from "./retain/extraction/causal-pairs.js";
export { chunkConversation } from "./retain/chunking/chunk-conversation.js";
export type { ConversationChunk, ConversationTurn } from "./retain/chunking/chunk-conversation.js";
export { extractEntities } from "./retain/entities/extract-entities.js";
export { parseEntities, type NamedEntity } from "./retain/entities/parse-entities.js";
export { metadataEntities } from "./retain/entities/metadata-entities.js";
export { coOccurrenceLinks } from "./retain/entities/co-occurrence-links.js";
export { nameSimilarity } from "./retain/entities/name-similarity.js";
export { resolutionOptions, type ResolutionOptions } from "./retain/entities/resolution-options.js";
export { compositeScore, resolutionScore } from "./retain/entities/resolution-score.js";
export type { ResolutionScore, ResolutionTier } from "./retain/entities/resolution-score.js";
export { resolveAliases, type ResolutionContext } from "./retain/entities/resolve-aliases.js";
export { resolveCanonical, type CanonicalEntities } from "./retain/entities/resolve-canonical.js";
export { parseObservationActions } from "./retain/observations/parse-observation-actions.js";
export type { ObservationAction } from "./retain/observations/parse-observation-actions.js";
export {
  observationsInScope,
  proposeObservations,
} from "./retain/observations/propose-observations.js";
export { planObservations } from "./retain/observations/plan-observations.js";
export type {
  ObservationPlan,
  ObservedMemory,
  PlanContext,
  PlannedObservation,
} from "./retain/observations/plan-observations.js";
export { observationScope, readObservation } from "./retain/observations/observation.js";
export type { ObservationFacts } from "./retain/observations/observation.js";
export { parseCuration } from "./retain/curation/parse-curation.js";
export type {
  CuratedLayer,
  CurationAction,
  CurationDecision,
} from "./retain/curation/parse-curation.js";
export { decideCuration, type CurationOptions } from "./retain/curation/decide-curation.js";
export { curateHits, type CurateHitsOptions } from "./retain/curation/curate-hits.js";
export { mergeExternalHits } from "./retain/curation/merge-external-hits.js";
export { consolidateBank } from "./retain/consolidation/consolidate-bank.js";
export type {
  ConsolidationContext,
  ConsolidationResult,
} from "./retain/consolidation/consolidate-bank.js";
export { planConsolidation } from "./retain/consolidation/plan-consolidation.js";
export type {
  ConsolidationPlan,
  ConsolidationRules,
} from "./retain/consolidation/plan-consolidation.js";
export {
  documentBlockSchema,
  documentSectionSchema,
  structuredDocumentSchema,
} from "../dto/structured-document.js";
export type {
  DocumentBlock,
  DocumentSection,
  StructuredDocument,
} from "../dto/structured-document.js";
export { slugOf, uniqueId } from "./documents/section-id.js";
export { parseMarkdown } from "./documents/parse-markdown.js";
export { renderMarkdown } from "./documents/render-markdown.js";
export {
  deltaOperationSchema,
  parseDeltaOperations,
  type DeltaOperation,
} from "./documents/delta-operation.js";
export {
  addSources,
  alignTimestamps,
  draftOf,
  editModel,
  type EditedModel,
} from "./documents/edit-model.js";
export { applyOperations } from "./documents/apply-operations.js";
export type { AppliedOperations, OperationSummary } from "./documents/apply-operations.js";
