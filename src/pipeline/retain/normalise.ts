import { trim } from "../../internal/whitespace.js";

const headerLine = /^[A-Za-z][A-Za-z0-9-]*:/;

/** A mail's header block: at least two `Name:` lines and at most one line that is none. */
function looksLikeHeaders(block: string): boolean {
  const lines = block.split("\n").filter((line) => trim(line) !== "");
  const headers = lines.filter((line) => headerLine.test(line)).length;
  return lines.length >= 2 && headers >= 2 && lines.length - headers <= 1;
}

function normaliseEmail(text: string): string {
  const blank = text.indexOf("\n\n");
  const body = blank >= 0 && looksLikeHeaders(text.slice(0, blank)) ? text.slice(blank + 2) : text;
  const signature = body.indexOf("\n-- \n");
  return trim(signature >= 0 ? body.slice(0, signature) : body);
}

/** Halves of surrogate pairs and NUL, which databases refuse or change, become U+FFFD. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD").replaceAll("\0", "\uFFFD");
}

/**
 * Brings content into the form that is stored: well-formed Unicode, no byte-order mark, `\n` line ends, trimmed; of a mail the body without
 * headers and signature; of longer forms at most one blank line in a row.
 */
export function normaliseContent(content: string, contentType: string): string {
  const text = wellFormed(content)
    .replace(/^\uFEFF+/, "")
    .replace(/\r\n?/g, "\n");
  switch (trim(contentType).toLowerCase()) {
    case "email":
      return normaliseEmail(text);
    case "document":
    case "conversation":
    case "transcript":
      return trim(text).replace(/\n{3,}/g, "\n\n");
    default:
      return trim(text);
  }
}
