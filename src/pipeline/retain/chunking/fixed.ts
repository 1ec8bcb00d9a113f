import { trim } from "../../../internal/whitespace.js";

/**
 * Windows of `maxSize` code points, each starting `maxSize - overlap` after the last, trimmed, empty ones dropped. An
 * overlap of more than half a window is cut to that, since one near its size would yield a chunk a character.
 */
export function chunkFixed(text: string, maxSize: number, overlap: number): string[] {
  const characters = Array.from(text);
  if (characters.length <= maxSize) return trim(text) === "" ? [] : [trim(text)];
  const step = Math.max(1, maxSize - Math.min(overlap, Math.floor(maxSize / 2)));
  const chunks: string[] = [];
  for (let start = 0; start < characters.length; start += step) {
    const chunk = trim(characters.slice(start, start + maxSize).join(""));
    if (chunk !== "") chunks.push(chunk);
  }
  return chunks;
}
