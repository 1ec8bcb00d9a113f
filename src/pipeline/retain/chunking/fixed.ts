import { trim } from "../../../internal/whitespace.js";

/**
 * Windows of `maxSize` code points, each starting `maxSize - overlap` after the last, trimmed, empty ones dropped. An
 * overlap of the window's size or more is cut to half of it, since it would yield a chunk a character.
 */
export function chunkFixed(text: string, maxSize: number, overlap: number): string[] {
  const characters = Array.from(text);
  if (characters.length <= maxSize) return trim(text) === "" ? [] : [trim(text)];
  const step = Math.max(1, maxSize - (overlap >= maxSize ? Math.floor(maxSize / 2) : overlap));
  const chunks: string[] = [];
  for (let start = 0; start < characters.length; start += step) {
    const chunk = trim(characters.slice(start, start + maxSize).join(""));
    if (chunk !== "") chunks.push(chunk);
  }
  return chunks;
}
