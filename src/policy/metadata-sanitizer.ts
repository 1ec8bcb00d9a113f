import type { Metadata } from "../dto/metadata.js";
import { jsonLength } from "../internal/json-length.js";

export interface MetadataSanitizerOptions {
  /**
   * Names that no key may be, or contain between its ends, `_`, `.` or `-`, in any case; an empty list blocks nothing.
   *
   * @defaultValue api_key, password, token, secret
   */
  readonly blockedKeys?: readonly string[] | undefined;
  /** Size of the metadata as ASCII-escaped JSON with a space after `,` and `:`, in bytes. @defaultValue 4096 */
  readonly maxSizeBytes?: number | undefined;
  /**
   * Whether a capital after a small letter or a digit starts a segment too, so that `token` is one of `accessToken`.
   *
   * @defaultValue false
   */
  readonly matchCamelCase?: boolean | undefined;
}

/** `metadata` is absent when nothing is left; warnings name keys, never values. */
export interface SanitizedMetadata {
  readonly metadata?: Metadata | undefined;
  readonly warnings: string[];
}

const defaultBlockedKeys: readonly string[] = ["api_key", "password", "token", "secret"];

function isBoundary(character: string | undefined): boolean {
  return character === undefined || "_.-".includes(character);
}

/** Whether a name stands in a key between its ends, `_`, `.` or `-`; both in lower case. */
function hasSegment(key: string, name: string): boolean {
  for (let at = key.indexOf(name); at >= 0; at = key.indexOf(name, at + 1)) {
    if (isBoundary(key[at - 1]) && isBoundary(key[at + name.length])) return true;
  }
  return false;
}

/** By Unicode code point; comparing code units would put U+E000 to U+FFFF after everything beyond the BMP. */
function descending(left: string, right: string): number {
  const [ours, theirs] = [Array.from(left), Array.from(right)];
  for (const [index, character] of ours.entries()) {
    const difference = (theirs[index]?.codePointAt(0) ?? -1) - (character.codePointAt(0) ?? -1);
    if (difference !== 0) return difference;
  }
  return theirs.length - ours.length;
}

/** The entries that fit, the last keys by code point dropped first. */
function fitting(
  entries: readonly [string, Metadata[string]][],
  maxSizeBytes: number,
): Set<string> {
  const kept = new Set(entries.map(([key]) => key));
  const sizes = new Map(
    entries.map(([key, value]) => [key, jsonLength(key) + 2 + jsonLength(value)]),
  );
  const separator = 2;
  let size = 2 - separator;
  for (const one of sizes.values()) size += one + separator;
  for (const key of [...kept].toSorted(descending)) {
    if (size <= maxSizeBytes) break;
    kept.delete(key);
    size -= (sizes.get(key) ?? 0) + separator;
  }
  return kept;
}

/**
 * Leaves out keys that name secrets, and then, when the rest is too large, keys from the end of the alphabet until it fits.
 * The order of the keys that stay is kept. The key `__proto__` is always left out.
 */
export function sanitizeMetadata(
  metadata: Metadata | undefined,
  {
    blockedKeys = defaultBlockedKeys,
    maxSizeBytes = 4096,
    matchCamelCase = false,
  }: MetadataSanitizerOptions = {},
): SanitizedMetadata {
  const warnings: string[] = [];
  const names = blockedKeys.map((name) => name.toLowerCase()).filter((name) => name !== "");
  const entries = Object.entries(metadata ?? {}).filter(([key]) => {
    const words = matchCamelCase ? key.replace(/(?<=[\p{Ll}\p{Nd}])(?=\p{Lu})/gu, "_") : key;
    const keys = [key.toLowerCase(), words.toLowerCase()];
    const isBlocked =
      key === "__proto__" || keys.some((one) => names.some((name) => hasSegment(one, name)));
    if (isBlocked) warnings.push(`Blocked metadata key: '${key}'`);
    return !isBlocked;
  });
  const kept = fitting(entries, maxSizeBytes);
  const isTruncated = kept.size < entries.length;
  if (isTruncated) warnings.push(`Metadata exceeds ${maxSizeBytes} bytes, truncated`);
  if (kept.size === 0) return { warnings };
  return { metadata: Object.fromEntries(entries.filter(([key]) => kept.has(key))), warnings };
}
