export { Astrocyte } from "./astrocyte.js";
export type { AstrocyteOptions, FromConfigOptions } from "./astrocyte-options.js";
export type { AstrocyteConfigInput } from "./config/schema.js";
export { hookTypes, type HookEvent, type HookHandler, type HookType } from "./hooks.js";
export { openTelemetry, type OpenTelemetryOptions } from "./open-telemetry.js";
export type { SetAttributes, Telemetry, TelemetryAttributes } from "./telemetry.js";
export type { LegalHoldOptions } from "./governance/legal-holds.js";
export type { LifecycleOptions, LifecycleResult } from "./governance/govern-lifecycle.js";
export { processLogger, type Logger } from "./logger.js";
export type {
  ClearBankOptions,
  ExportBankOptions,
  ForgetOptions,
  HistoryOptions,
  ImportBankOptions,
  Instant,
  RecallOptions,
  ReflectOptions,
  RetainItem,
  RetainLaterOptions,
  RetainManyOptions,
  RetainProgress,
  RetainOptions,
} from "./options.js";
export { systemClock, type Clock } from "./clock.js";
export {
  AccessDeniedError,
  AstrocyteError,
  AuthorizationError,
  CapabilityNotSupportedError,
  ClosedError,
  ConfigError,
  CrossBorderViolationError,
  DimensionMismatchError,
  EmbeddingsNotSupportedError,
  IdempotencyConflictError,
  IngestError,
  InvalidArgumentError,
  LegalHoldActiveError,
  MipRoutingError,
  MissingPeerError,
  PartialRetainError,
  PiiRejectedError,
  ProviderUnavailableError,
  RateLimitedError,
  StorageError,
  type AstrocyteErrorCode,
} from "./errors.js";

export {
  describeConfig,
  formatConfigRows,
  type ConfigRow,
  type DescribeConfigOptions,
} from "./config/describe-config.js";
export { grantsOf } from "./config/grants-of.js";
export {
  readConfig,
  type ConfigLayer,
  type LoadedConfig,
  type ReadConfigOptions,
} from "./config/read-config.js";
export type { AstrocyteConfig } from "./config/schema.js";
export type { HostProviders } from "./config/build-providers.js";
export type { ConfigDocument } from "./config/document.js";
export type { ChatModelLike, EmbeddingsLike, VectorStoreLike } from "./config/langchain-objects.js";
export type { Environment } from "./config/substitute-environment.js";

export { KeyedMutex } from "./internal/keyed-mutex.js";
export { cosineSimilarity } from "./internal/vector-math.js";
export { sequenceRatio } from "./internal/sequence-ratio.js";

export type { ConflictRule, ImportResult } from "./portability/import-result.js";
export type { TextSource } from "./portability/read-lines.js";
export { formatTrace } from "./format-trace.js";
export type { MultiBankStrategyInput } from "./pipeline/recall/banks/multi-bank-strategy.js";
export type { Reranker } from "./pipeline/recall/rerank/rerank-with.js";
export type { PipelineOptions } from "./pipeline/pipeline-options.js";
export {
  chunkText,
  type ChunkOptions,
  type ChunkStrategy,
} from "./pipeline/retain/chunking/chunk-text.js";
export { formatMemories } from "./pipeline/reflect/prompt.js";
export type { TokenCounter } from "./policy/tokens.js";

export { assertBankId } from "./dto/bank-id.js";
export { dispositionsSchema, type Dispositions } from "./dto/dispositions.js";
export {
  documentFiltersSchema,
  documentHitSchema,
  documentSchema,
  type Document,
  type DocumentFilters,
  type DocumentHit,
} from "./dto/document.js";
export { engineCapabilitiesSchema, type EngineCapabilities } from "./dto/engine-capabilities.js";
export { matchesFilters, type Filterable } from "./dto/filters.js";
export {
  forgetReceiptSchema,
  forgetRequestSchema,
  forgetResultSchema,
  type ForgetReceipt,
  type ForgetRequest,
  type ForgetResult,
} from "./dto/forget.js";
export {
  entityCandidateMatchSchema,
  entityLinkSchema,
  entitySchema,
  graphHitSchema,
  memoryEntityAssociationSchema,
  memoryLinkSchema,
  type Entity,
  type EntityCandidateMatch,
  type EntityLink,
  type GraphHit,
  type MemoryEntityAssociation,
  type MemoryLink,
} from "./dto/graph.js";
export { healthStatusSchema, type HealthStatus } from "./dto/health-status.js";
export {
  accessGrantSchema,
  actorIdentitySchema,
  astrocyteContextSchema,
  formatActor,
  parsePrincipal,
  principalLabel,
  resolveActor,
  type AccessGrant,
  type ActorIdentity,
  type AstrocyteContext,
} from "./dto/identity.js";
export {
  completionSchema,
  contentPartSchema,
  jsonObjectSchema,
  llmCapabilitiesSchema,
  messageSchema,
  modelUsageSchema,
  tokenUsageSchema,
  toolCallSchema,
  toolDefinitionSchema,
  type Completion,
  type ContentPart,
  type JsonObject,
  type LLMCapabilities,
  type Message,
  type ModelUsage,
  type TokenUsage,
  type ToolCall,
  type ToolDefinition,
} from "./dto/llm.js";
export { legalHoldSchema, type LegalHold } from "./dto/legal-hold.js";
export type {
  RecordChanges,
  RecordDelete,
  RecordOptions,
  RecordPut,
} from "./records/record-options.js";
export type { Records } from "./records/records.js";
export type { StoredRecord } from "./pipeline/records/stored-record.js";
export type { Directives } from "./models/directives.js";
export type { MentalModels, UpdatedModel } from "./models/mental-models.js";
export type {
  CreateDirectiveOptions,
  ListDirectivesOptions,
  ListModelOptions,
  ModelOptions,
  UpsertModelOptions,
} from "./models/model-options.js";
export {
  mentalModelDraftSchema,
  mentalModelSchema,
  type MentalModel,
  type MentalModelDraft,
  type MentalModelDraftInput,
} from "./dto/mental-model.js";
export { metadataSchema, type Metadata, type MetadataValue } from "./dto/metadata.js";
export { parseShape } from "./dto/parse.js";
export { pipelineSpecSchema, type PipelineSpec } from "./dto/pipeline-spec.js";
export {
  hitExplanationSchema,
  memoryHitSchema,
  recallRequestSchema,
  recallResultSchema,
  recallTraceSchema,
  type HitExplanation,
  type MemoryHit,
  type RecallRequest,
  type RecallResult,
  type RecallTrace,
} from "./dto/recall.js";
export {
  reflectRequestSchema,
  reflectResultSchema,
  type ReflectRequest,
  type ReflectResult,
} from "./dto/reflect.js";
export {
  createdAtKey,
  factTypes,
  memoryLayers,
  observationBankId,
  reservedMetadataPrefix,
} from "./dto/reserved.js";
export {
  retainRequestSchema,
  retainResultSchema,
  type RetainRequest,
  type RetainResult,
} from "./dto/retain.js";
export {
  timeRangeSchema,
  timestampMs,
  timestampSchema,
  toTimestamp,
  type TimeRange,
  type Timestamp,
} from "./dto/timestamp.js";
export {
  httpClientContextSchema,
  transportCapabilitiesSchema,
  type HttpClientContext,
  type TransportCapabilities,
} from "./dto/transport.js";
export {
  vectorFiltersSchema,
  vectorHitSchema,
  vectorItemSchema,
  type VectorFilters,
  type VectorHit,
  type VectorItem,
} from "./dto/vector.js";
export { fromWire, toWire, type WireValue } from "./dto/wire.js";

export type { BankOptions, CallOptions } from "./spi/call-options.js";
export type { DocumentStore, SearchFulltextOptions } from "./spi/document-store.js";
export { isEmbeddingCache, type EmbeddingCache } from "./spi/embedding-cache.js";
export type { EngineProvider } from "./spi/engine-provider.js";
export type {
  FindEntityCandidatesOptions,
  FindEntityCandidatesScoredOptions,
  FindMemoryLinksOptions,
  GraphStore,
  QueryEntitiesOptions,
  QueryNeighborsOptions,
} from "./spi/graph-store.js";
export {
  assertProvider,
  isProvider,
  missingMethods,
  type ProtocolName,
  type Protocols,
} from "./spi/guards.js";
export { importPeer } from "./spi/import-peer.js";
export type { LegalHoldStore } from "./spi/legal-hold-store.js";
export type {
  ListModelsOptions,
  MentalModelStore,
  ModelUpdate,
  ReportedOperation,
  UpdateSummary,
} from "./spi/mental-model-store.js";
export {
  composeLLMProvider,
  type CompleteOptions,
  type EmbeddingProvider,
  type EmbedOptions,
  type LLMProvider,
} from "./spi/llm-provider.js";
export {
  providerKinds,
  ProviderRegistry,
  type ProviderContext,
  type ProviderFactory,
  type ProviderKind,
  type ProviderRegistryOptions,
} from "./spi/registry.js";
export type {
  FilterName,
  ListRecentVectorsOptions,
  ListVectorsOptions,
  SearchSimilarOptions,
  VectorStore,
  VectorStoreCapabilities,
} from "./spi/vector-store.js";
