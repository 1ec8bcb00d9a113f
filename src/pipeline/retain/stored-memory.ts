import { suspectKey } from "../../dto/reserved.js";
import type { VectorItem } from "../../dto/vector.js";
import type { StoredContent } from "./link-memories.js";

/** A memory as retain knows a content that was cut into one chunk. */
export function storedMemory(item: VectorItem): StoredContent {
  const { id, bankId, text, metadata, tags, factType = "world", occurredAt } = item;
  const suspect = metadata?.[suspectKey];
  return {
    content: {
      request: { content: text, bankId, contentType: "text", occurredAt },
      profile: undefined,
      content: text,
      metadata,
      tags,
      factType,
      chunks: [{ text }],
      firstId: id,
      isKeyed: false,
      suspect: typeof suspect === "string" ? suspect : undefined,
    },
    items: [item],
  };
}
