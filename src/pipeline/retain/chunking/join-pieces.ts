import { codePointLength } from "../../../internal/code-points.js";

/** Joins neighbouring pieces while they fit into `maxSize` code points; what is too long alone goes through `split`. */
export function joinPieces(
  pieces: readonly string[],
  maxSize: number,
  joiner: string,
  split: (piece: string) => readonly string[],
): string[] {
  const chunks: string[] = [];
  let current = "";
  let currentLength = 0;
  const flush = (): void => {
    if (current !== "") chunks.push(current);
    current = "";
    currentLength = 0;
  };
  for (const piece of pieces) {
    const length = codePointLength(piece);
    if (length > maxSize) {
      flush();
      for (const part of split(piece)) chunks.push(part);
    } else if (current !== "" && currentLength + joiner.length + length <= maxSize) {
      current += joiner + piece;
      currentLength += joiner.length + length;
    } else {
      flush();
      current = piece;
      currentLength = length;
    }
  }
  flush();
  return chunks;
}
