import type { MetadataValue } from "../dto/metadata.js";

const shortEscapes = new Set('"\\\b\f\n\r\t');

/** Every character that is not printable ASCII is escaped, one half of a surrogate pair at a time. */
function textLength(text: string): number {
  let length = 2;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (shortEscapes.has(text.charAt(index))) length += 2;
    else length += unit < 0x20 || unit > 0x7e ? 6 : 1;
  }
  return length;
}

/** Small numbers have an exponent from 1e-5 on, of at least two digits; others are printed as JavaScript prints them. */
function numberLength(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || size >= 1e-4) return String(value).length;
  const text = value.toExponential();
  return text.length + (size >= 1e-9 ? 1 : 0);
}

/** Bytes of a scalar as the reference's JSON writes it. */
export function jsonLength(value: MetadataValue): number {
  if (typeof value === "string") return textLength(value);
  return typeof value === "number" ? numberLength(value) : String(value).length;
}
