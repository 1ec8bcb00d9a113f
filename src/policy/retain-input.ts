const maxTags = 100;

export interface RetainInput {
  readonly content: string;
  readonly tags?: readonly string[] | undefined;
}

export interface RetainInputLimits {
  /** UTF-8 bytes of the content; absent means no limit, 0 admits only the empty text. */
  readonly maxContentBytes?: number | undefined;
}

/**
 * Why a content is too large to be looked at any further, or undefined. Size is asked before the number of tags (at most
 * 100), and both before anything that costs more; half a surrogate pair counts three bytes, as the U+FFFD it will become.
 */
export function retainInputError(
  { content, tags = [] }: RetainInput,
  { maxContentBytes }: RetainInputLimits = {},
): string | undefined {
  if (maxContentBytes !== undefined) {
    const bytes = Buffer.byteLength(content);
    if (bytes > maxContentBytes) {
      return `Content exceeds maximum size (${bytes} > ${maxContentBytes} bytes)`;
    }
  }
  return tags.length > maxTags ? `Too many tags (${tags.length} > ${maxTags})` : undefined;
}
