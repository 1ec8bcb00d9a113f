import type {
  DocumentBlock,
  DocumentSection,
  StructuredDocument,
} from "../../dto/structured-document.js";

/** One backtick more than the longest run in the code, three at least, so that the code cannot end its own fence. */
function fenceFor(code: string): string {
  const longest = (code.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  return "`".repeat(Math.max(3, longest + 1));
}

function renderBlock(block: DocumentBlock): string {
  if (block.type === "paragraph") return block.text;
  if (block.type === "bullet_list") return block.items.map((item) => `- ${item}`).join("\n");
  if (block.type === "ordered_list") {
    return block.items.map((item, index) => `${index + 1}. ${item}`).join("\n");
  }
  const fence = fenceFor(block.text);
  return `${fence}${block.language ?? ""}\n${block.text}\n${fence}`;
}

function renderSection({ heading, level, blocks }: DocumentSection): string {
  return [`${"#".repeat(level)} ${heading}`, ...blocks.map(renderBlock)].join("\n\n");
}

/** Markdown with a line break at its end; the empty document is the empty text. */
export function renderMarkdown({ sections }: StructuredDocument): string {
  return sections.length === 0 ? "" : `${sections.map(renderSection).join("\n\n")}\n`;
}
