import { trim } from "../../../internal/whitespace.js";

/** How a kind of content is prepared. What is absent is decided by the content type, or by the pipeline's own settings. */
export interface ExtractionProfile {
  readonly contentType?: string | undefined;
  readonly chunkingStrategy?: string | undefined;
  /** `metadata` takes entities from the metadata; `false` and `disabled` switch extraction off. */
  readonly entityExtraction?: boolean | string | undefined;
  /** From a metadata key to `$.path.in.the.content`, or to a literal value. */
  readonly metadataMapping?: Readonly<Record<string, unknown>> | undefined;
  /** Each `{ contains, tags }`; `match` is another name of `contains`, which is preferred. */
  readonly tagRules?: readonly unknown[] | undefined;
  /** Most code points in a chunk. */
  readonly chunkSize?: number | undefined;
  readonly factType?: string | undefined;
  readonly authorityTier?: string | undefined;
}

/** Profiles that exist without configuration; one of the same name replaces them. */
export const builtinExtractionProfiles: Readonly<Record<string, ExtractionProfile>> = {
  builtin_text: { contentType: "text", chunkingStrategy: "sentence" },
  builtin_conversation: { contentType: "conversation", chunkingStrategy: "dialogue" },
};

/** A setting as it is compared: trimmed, lower case, and absent when blank. */
export function plainSetting(value: string | null | undefined): string | undefined {
  const text = trim(value ?? "").toLowerCase();
  return text === "" ? undefined : text;
}
