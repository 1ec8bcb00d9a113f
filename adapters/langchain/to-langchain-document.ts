import { Document } from "@langchain/core/documents";
import { reservedMetadataPrefix, type MemoryHit, type MetadataValue } from "astrocyte";

/** What the documents of memories say of them, beside the memory's own metadata. */
export interface MemoryDocumentMetadata {
  /** Orders the documents of one answer; no similarity. */
  score: number;
  memoryId?: string;
  bankId?: string;
  tags?: string[];
  occurredAt?: string;
  retainedAt?: string;
  factType?: string;
  memoryLayer?: string;
  source?: string;
  /** The searches that found it. */
  strategies?: string[];
  [key: string]: MetadataValue | string[] | undefined;
}

/** A memory as a document: plain JSON metadata, in which what we say of the memory goes before what it says of itself. */
export function toLangChainDocument(hit: MemoryHit): Document<MemoryDocumentMetadata> {
  const { text, score, memoryId, bankId, tags, occurredAt, retainedAt } = hit;
  const { factType, memoryLayer, source, strategies } = hit;
  // LangGraph would revive an object with the key lc; keys of the framework say nothing to a reader.
  const own = Object.entries(hit.metadata ?? {}).filter(
    ([key]) => key !== "lc" && !key.startsWith(reservedMetadataPrefix),
  );
  const facts = {
    memoryId,
    bankId,
    tags,
    occurredAt,
    retainedAt,
    factType,
    memoryLayer,
    source,
    strategies,
  };
  const metadata: MemoryDocumentMetadata = { ...Object.fromEntries(own), score };
  for (const [key, value] of Object.entries(facts)) {
    // An absent fact is absent, and not what the memory's own metadata claims.
    if (value === undefined && key !== "source") delete metadata[key];
    else if (value !== undefined) metadata[key] = Array.isArray(value) ? [...value] : value;
  }
  return new Document({
    pageContent: text,
    metadata,
    ...(memoryId === undefined ? {} : { id: memoryId }),
  });
}
