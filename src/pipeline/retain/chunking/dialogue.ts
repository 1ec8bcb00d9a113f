import { codePointLength } from "../../../internal/code-points.js";
import { trim, trimEnd } from "../../../internal/whitespace.js";
import { joinPieces } from "./join-pieces.js";
import { chunkSentences } from "./sentence.js";

const speakerLabel = /^[A-Za-z][\p{L}\p{N}_ \t]*:/u;

/** A turn begins at a line with a speaker's label and takes the unlabelled lines after it. */
function turnsOf(text: string): string[] {
  const turns: string[][] = [];
  for (const line of trim(text).split("\n").map(trimEnd)) {
    if (line === "") continue;
    if (turns.length === 0 || speakerLabel.test(line)) turns.push([line]);
    else turns.at(-1)?.push(line);
  }
  return turns.map((lines) => lines.join("\n"));
}

/** Every piece of a turn that is split keeps the speaker's label. */
function splitTurn(turn: string, maxSize: number, overlap: number): string[] {
  const label = speakerLabel.exec(turn)?.[0];
  const room = maxSize - codePointLength(label ?? "") - 1;
  // A label that takes most of a chunk is no speaker; repeated, it would outweigh what was said.
  if (label === undefined || room < maxSize / 2) return chunkSentences(turn, maxSize, overlap);
  return chunkSentences(turn.slice(label.length), room, overlap).map(
    (piece) => `${label} ${piece}`,
  );
}

/** Speaker turns are joined by a line break while they fit. */
export function chunkDialogue(text: string, maxSize: number, overlap: number): string[] {
  const turns = turnsOf(text);
  return turns.length === 0
    ? chunkSentences(text, maxSize, overlap)
    : joinPieces(turns, maxSize, "\n", (turn) => splitTurn(turn, maxSize, overlap));
}
