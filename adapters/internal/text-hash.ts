import { createHash } from "node:crypto";

/** SHA-256 hex of the UTF-8 text: the key of the embedding cache. */
export function textHash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
