import type { Metadata } from "../../../dto/metadata.js";
import { trim } from "../../../internal/whitespace.js";
import { normaliseContent } from "../normalise.js";
import { applyTagRules } from "./apply-tag-rules.js";
import { plainSetting, type ExtractionProfile } from "./extraction-profile.js";
import { mapMetadata } from "./map-metadata.js";
import { mergeMetadata, mergeTags } from "./merge.js";

export interface RetainInput {
  readonly content: string;
  readonly contentType?: string | undefined;
  readonly metadata?: Metadata | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** A content and what its profile makes of it. */
export interface PreparedInput {
  readonly text: string;
  readonly contentType: string;
  readonly metadata?: Metadata | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly factType: string;
  readonly extractEntities: boolean;
}

/** The profile's content type, else the request's, trimmed and in lower case; `text` when neither says. */
export function effectiveContentType(
  contentType: string | undefined,
  profile?: ExtractionProfile,
): string {
  return plainSetting(profile?.contentType) ?? plainSetting(contentType) ?? "text";
}

/** Entities are taken from metadata with or without a graph store; a model is asked only when there is one. */
export function shouldExtractEntities(
  profile: ExtractionProfile | undefined,
  hasGraphStore: boolean,
): boolean {
  const setting = profile?.entityExtraction;
  const word = typeof setting === "string" ? plainSetting(setting) : undefined;
  if (word === "metadata") return true;
  return hasGraphStore && setting !== false && word !== "disabled";
}

/** Normalises a content and adds its profile's metadata, tags and fact type; what the request says wins. */
export function prepareInput(
  request: RetainInput,
  profile: ExtractionProfile | undefined,
  hasGraphStore: boolean,
): PreparedInput {
  const contentType = effectiveContentType(request.contentType, profile);
  const text = normaliseContent(request.content, contentType);
  return {
    text,
    contentType,
    metadata: mergeMetadata(mapMetadata(text, profile?.metadataMapping), request.metadata),
    tags: mergeTags(request.tags, applyTagRules(text, profile?.tagRules)),
    factType: trim(profile?.factType ?? "") || "world",
    extractEntities: shouldExtractEntities(profile, hasGraphStore),
  };
}
