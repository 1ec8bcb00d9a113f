import { trim } from "../../../internal/whitespace.js";
import { chunkFixed } from "./fixed.js";
import { joinPieces } from "./join-pieces.js";

/** The blocks between blank lines, trimmed; lines are looked at one by one, so no input makes it slow. */
function paragraphs(text: string): string[] {
  const blocks: string[][] = [[]];
  for (const line of text.split("\n")) {
    if (trim(line) === "") blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  return blocks.map((lines) => trim(lines.join("\n"))).filter((block) => block !== "");
}

/** Paragraphs are joined by a blank line while they fit. */
export function chunkParagraphs(text: string, maxSize: number, overlap: number): string[] {
  return joinPieces(paragraphs(text), maxSize, "\n\n", (paragraph) =>
    chunkFixed(paragraph, maxSize, overlap),
  );
}
