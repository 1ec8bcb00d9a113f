import type { Metadata } from "../dto/metadata.js";
import { codePointLength } from "../internal/code-points.js";
import { jsonLength } from "../internal/json-length.js";
import { dropUnseen, foldLookAlikes, openEnclosed } from "./disguise.js";

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
   * Whether names are told in disguise too: in camel case (`accessToken`), between spaces, colons or any other sign, in
   * full-width or look-alike letters and with invisible characters between. While `blockedKeys` is the default list, it blocks
   * further names of secrets with it, such as `authorization` and `private_key`.
   *
   * @defaultValue false
   */
  readonly strict?: boolean | undefined;
  /** Whether warnings quote keys; otherwise they give its length and the name that blocked it. @defaultValue true */
  readonly quoteKeys?: boolean | undefined;
}

/** `metadata` is absent when nothing is left; warnings name keys at most, never values. */
export interface SanitizedMetadata {
  readonly metadata?: Metadata | undefined;
  readonly warnings: string[];
}

const defaultBlockedKeys: readonly string[] = ["api_key", "password", "token", "secret"];
/** With their neighbours run together, as `apikey`, they are names of their own. */
const furtherBlockedKeys: readonly string[] = [
  "apikey",
  "passwd",
  "pwd",
  "passphrase",
  "authorization",
  "bearer",
  "credential",
  "credentials",
  "access_key",
  "accesskey",
  "private_key",
  "privatekey",
  "client_secret",
  "clientsecret",
  "secrets",
  "passwords",
  "api_keys",
];

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

/** The words of a key in lower case with `_` between, disguises taken off. */
function wordsOf(key: string): string {
  const seen = openEnclosed(dropUnseen(key)).normalize("NFKC");
  const parted = seen.replaceAll(
    /(?<=[\p{Ll}\p{Nd}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu,
    "_",
  );
  return foldLookAlikes(parted.toLowerCase()).replaceAll(/[^\p{L}\p{N}]+/gu, "_");
}

function isDefaultList(blockedKeys: readonly string[]): boolean {
  return (
    blockedKeys.length === defaultBlockedKeys.length &&
    defaultBlockedKeys.every((name) => blockedKeys.includes(name))
  );
}

/** Tells which name, if any, blocks a key. */
function createBlocker(
  blockedKeys: readonly string[],
  strict: boolean,
): (key: string) => string | undefined {
  const names = blockedKeys.map((name) => name.toLowerCase()).filter((name) => name !== "");
  if (!strict) return (key) => names.find((name) => hasSegment(key.toLowerCase(), name));
  const further = isDefaultList(blockedKeys) ? furtherBlockedKeys : [];
  const spelled = [...names, ...further].map((name) => ({ name, words: wordsOf(name) }));
  return (key) => {
    const [literal, words] = [key.toLowerCase(), wordsOf(key)];
    // A name of signs alone has no words.
    return spelled.find(
      (blocked) =>
        hasSegment(literal, blocked.name) ||
        (/[^_]/u.test(blocked.words) && hasSegment(words, blocked.words)),
    )?.name;
  };
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
    strict = false,
    quoteKeys = true,
  }: MetadataSanitizerOptions = {},
): SanitizedMetadata {
  const warnings: string[] = [];
  const blockerOf = createBlocker(blockedKeys, strict);
  const entries = Object.entries(metadata ?? {}).filter(([key]) => {
    const blocker = key === "__proto__" ? key : blockerOf(key);
    if (blocker === undefined) return true;
    warnings.push(
      quoteKeys
        ? `Blocked metadata key: '${key}'`
        : `Blocked metadata key of ${codePointLength(key)} characters: names '${blocker}'`,
    );
    return false;
  });
  const kept = fitting(entries, maxSizeBytes);
  const isTruncated = kept.size < entries.length;
  if (isTruncated) warnings.push(`Metadata exceeds ${maxSizeBytes} bytes, truncated`);
  if (kept.size === 0) return { warnings };
  return { metadata: Object.fromEntries(entries.filter(([key]) => kept.has(key))), warnings };
}
