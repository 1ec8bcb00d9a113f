import { trimEnd } from "../../internal/whitespace.js";

/** What stays open at the end of a text; brackets inside JSON strings do not count. */
function openBrackets(text: string): { readonly braces: number; readonly brackets: number } {
  let braces = 0;
  let brackets = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === "\\") index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') {
      // Outside of brackets a quotation mark is prose.
      inString = braces > 0 || brackets > 0;
    } else if (character === "{") braces += 1;
    else if (character === "}") braces -= 1;
    else if (character === "[") brackets += 1;
    else if (character === "]") brackets -= 1;
  }
  return { braces, brackets };
}

/**
 * Whether a reply with JSON in it seems cut off, so that asking again with more tokens may help: something is still open, or
 * the text does not end as JSON does. A guess: prose after the JSON looks cut off too.
 */
export function looksTruncated(reply: string): boolean {
  const text = trimEnd(reply);
  const { braces, brackets } = openBrackets(text);
  if (braces > 0 || brackets > 0) return true;
  return /[[{]/.test(text) && !/[\]}"]$/.test(text);
}
