import { createHash } from "node:crypto";

const contentHashKey = "_content_hash";

/** The metadata by which a keyed content is recognised, however it is cut. */
export function contentIdentity(content: string): { [contentHashKey]: string } {
  return { [contentHashKey]: createHash("sha256").update(content).digest("hex") };
}

/** Whether stored metadata names this content. */
export function isContent(
  metadata: Readonly<Record<string, unknown>> | undefined,
  content: string,
): boolean {
  return metadata?.[contentHashKey] === contentIdentity(content)[contentHashKey];
}
