import type { Metadata } from "../../dto/metadata.js";
import type { RetainRequest } from "../../dto/retain.js";
import type { Timestamp } from "../../dto/timestamp.js";
import type { Pipeline } from "../pipeline.js";
import { withAuthorityTier } from "../recall/authority/retained-tier.js";
import { chunkText } from "./chunking/chunk-text.js";
import { chunkSettings } from "./extraction/chunk-settings.js";
import type { ExtractionProfile } from "./extraction/extraction-profile.js";
import type { MaterialisedFacts } from "./extraction/materialise-facts.js";
import { prepareInput } from "./extraction/prepare-input.js";
import { relativeDates } from "./extraction/relative-dates.js";
import { chunkMemoryId, idFromKey } from "./memory-ids.js";

/** A request with what the portable shape has no place for. */
export interface KeyedRetainRequest {
  readonly request: RetainRequest;
  /** Repeating a request under the same key has no second effect. */
  readonly idempotencyKey?: string | undefined;
  /** Why the content reads like an instruction. */
  readonly suspect?: string | undefined;
}

/** What becomes one memory. What it does not say is the content's. */
export interface Chunk {
  readonly text: string;
  readonly factType?: string | undefined;
  readonly occurredAt?: Timestamp | undefined;
  /** What the pipeline found out, beside what the content has. */
  readonly metadata?: Metadata | undefined;
}

/** A content ready to be embedded. */
export interface PreparedContent {
  readonly request: RetainRequest;
  readonly profile: ExtractionProfile | undefined;
  /** As it is cut: normalised, not yet in chunks. */
  readonly content: string;
  readonly metadata: Metadata | undefined;
  readonly tags: readonly string[] | undefined;
  readonly factType: string;
  readonly chunks: readonly Chunk[];
  /** What a model made of the chunks; their places in it are the chunks' own. */
  readonly facts?: MaterialisedFacts | undefined;
  readonly firstId: string;
  readonly isKeyed: boolean;
  readonly suspect?: string | undefined;
}

/** The ids of all memories of a content, in the order of its chunks. */
export function memoryIdsOf({ chunks, firstId }: PreparedContent): string[] {
  return chunks.map((_, index) => chunkMemoryId(firstId, index));
}

/** The profile that a request names; a name that does not exist is reported, and changes nothing. */
function profileOf(
  { retainSettings, logger }: Pipeline,
  { bankId, extractionProfile: name }: RetainRequest,
): ExtractionProfile | undefined {
  if (name === undefined) return undefined;
  const profile = retainSettings.profiles.get(name);
  if (profile === undefined) {
    logger.warn("astrocyte.retain.unknown_profile", { bank_id: bankId, extraction_profile: name });
  }
  return profile;
}

/** Normalises a content, adds what its profile says, cuts it, and settles its ids. */
export function prepareContent(
  pipeline: Pipeline,
  { request, idempotencyKey, suspect }: KeyedRetainRequest,
): PreparedContent {
  const { options, graphStore, retainSettings } = pipeline;
  const { bankId, mipPipeline } = request;
  const { authority } = retainSettings;
  const profile = profileOf(pipeline, request);
  const { text, contentType, metadata, tags, factType } = prepareInput(
    request,
    profile,
    graphStore !== undefined,
  );
  const { chunkStrategy: strategy = "sentence", maxChunkSize: maxSize = 512 } = options;
  const cutting = chunkSettings({
    contentType,
    profile,
    rule: mipPipeline?.chunker,
    defaults: { strategy, maxSize },
  });
  const isKeyed = idempotencyKey !== undefined;
  // The contract leaves resolved dates to the caller.
  const resolvesDates = options.preset !== "reference";
  return {
    request,
    profile,
    content: text,
    metadata:
      authority === undefined
        ? metadata
        : withAuthorityTier(metadata, bankId, profile?.authorityTier, authority),
    tags,
    factType,
    chunks: chunkText(text, cutting).map((chunk) => ({
      text: chunk,
      metadata: resolvesDates ? relativeDates(chunk, request.occurredAt, metadata) : undefined,
    })),
    firstId: isKeyed ? idFromKey(bankId, idempotencyKey) : pipeline.createId(),
    isKeyed,
    suspect,
  };
}
