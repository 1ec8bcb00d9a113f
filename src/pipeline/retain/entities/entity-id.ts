import { createHash } from "node:crypto";

/**
 * An id that is the same for spellings of a name that differ in case and punctuation only: `person:ann-lee`. Letters of
 * every script count; a name without any gets a hash.
 */
export function entityId(entityType: string, name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
  const hash = () => createHash("sha256").update(name).digest("hex").slice(0, 16);
  return `${entityType.toLowerCase()}:${slug === "" ? hash() : slug}`;
}
