import { InvalidArgumentError } from "../../../errors.js";
import { trim } from "../../../internal/whitespace.js";
import { chunkDialogue } from "./dialogue.js";
import { chunkFixed } from "./fixed.js";
import { chunkParagraphs } from "./paragraph.js";
import { chunkSentences } from "./sentence.js";

const strategies = {
  dialogue: chunkDialogue,
  fixed: chunkFixed,
  paragraph: chunkParagraphs,
  sentence: chunkSentences,
} as const;

export type ChunkStrategy = keyof typeof strategies;

export interface ChunkOptions {
  /** @defaultValue "sentence" */
  readonly strategy?: ChunkStrategy | undefined;
  /** Most code points in a chunk. @defaultValue 512 */
  readonly maxSize?: number | undefined;
  /** Code points that neighbouring windows share where text is cut by length. @defaultValue 50 */
  readonly overlap?: number | undefined;
}

/** Which strategy suits a content type, when nobody chose one. */
export function strategyFor(contentType: string): ChunkStrategy | undefined {
  switch (contentType) {
    case "conversation":
    case "transcript":
      return "dialogue";
    case "document":
    case "email":
      return "paragraph";
    case "event":
      return "sentence";
    default:
      return undefined;
  }
}

/**
 * Cuts text into the pieces that are embedded and stored one by one. Blank text gives none.
 *
 * @throws InvalidArgumentError for an unknown strategy.
 */
export function chunkText(text: string, options: ChunkOptions = {}): string[] {
  const { strategy = "sentence", maxSize = 512, overlap = 50 } = options;
  if (trim(text) === "") return [];
  if (!Object.hasOwn(strategies, strategy)) {
    throw new InvalidArgumentError(
      `chunk strategy "${strategy}" is unknown; use ${Object.keys(strategies).join(", ")}`,
    );
  }
  return strategies[strategy](text, Math.max(1, maxSize), Math.max(0, overlap));
}
