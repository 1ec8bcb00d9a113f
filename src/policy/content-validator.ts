import { codePointLength } from "../internal/code-points.js";
import { trim, whitespaceClass } from "../internal/whitespace.js";

export interface ContentValidationOptions {
  /** In Unicode code points. @defaultValue 50_000 */
  readonly maxContentLength?: number | undefined;
  /** Refuses content of nothing but whitespace. @defaultValue true */
  readonly rejectEmptyContent?: boolean | undefined;
  /** Refuses content with a NUL, or of which more than a tenth are control characters. @defaultValue true */
  readonly rejectBinaryContent?: boolean | undefined;
  /** An empty list means the default one. @defaultValue text, conversation, document */
  readonly allowedContentTypes?: readonly string[] | undefined;
}

const defaultContentTypes: readonly string[] = ["text", "conversation", "document"];

const maxControlShare = 0.1;

/** Separators such as U+001C are control characters and whitespace; text has them. */
const control = new RegExp(`(?![${whitespaceClass}])\\p{Cc}`, "gu");

function looksBinary(content: string, length: number): boolean {
  if (content.includes("\0")) return true;
  return (content.match(control)?.length ?? 0) > length * maxControlShare;
}

/**
 * Everything that is wrong with a content, in the contract's words and order; an empty list when nothing is. Whitespace is
 * Unicode's: a zero-width space or a byte-order mark is no whitespace.
 */
export function validateContent(
  content: string,
  contentType: string,
  {
    maxContentLength = 50_000,
    rejectEmptyContent = true,
    rejectBinaryContent = true,
    allowedContentTypes = [],
  }: ContentValidationOptions = {},
): string[] {
  const problems: string[] = [];
  if (rejectEmptyContent && trim(content) === "") problems.push("Content is empty");
  const length = codePointLength(content);
  if (length > maxContentLength) {
    problems.push(`Content too long: ${length} > ${maxContentLength}`);
  }
  const allowed = allowedContentTypes.length > 0 ? allowedContentTypes : defaultContentTypes;
  if (!allowed.includes(contentType)) {
    const names = allowed.map((name) => `'${name}'`).join(", ");
    problems.push(`Content type '${contentType}' not allowed. Allowed: [${names}]`);
  }
  if (rejectBinaryContent && looksBinary(content, length)) problems.push("Content looks binary");
  return problems;
}
