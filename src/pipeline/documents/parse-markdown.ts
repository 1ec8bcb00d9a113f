import { trim } from "../../internal/whitespace.js";
import { slugOf } from "./section-id.js";
import type {
  DocumentBlock,
  DocumentSection,
  StructuredDocument,
} from "../../dto/structured-document.js";

const fenceStart = /^(`{3,})([^`]*)$/;
const bullet = /^[-*+][ \t]+(.*)$/s;
const numbered = /^\d+[.)][ \t]+(.*)$/s;
const rule = /^(?:-{3,}|\*{3,}|_{3,})$/;
const headingForm = /^(#{1,6})[ \t]+(.*)$/s;

/** The items when every line begins as the form asks. */
function itemsOf(lines: readonly string[], form: RegExp): string[] | undefined {
  const items = lines.map((line) => form.exec(line)?.[1]);
  return items.every((item) => item !== undefined) ? items.map(trim) : undefined;
}

function blockOf(lines: readonly string[]): DocumentBlock {
  const bullets = itemsOf(lines, bullet);
  if (bullets !== undefined) return { type: "bullet_list", items: bullets };
  const steps = itemsOf(lines, numbered);
  if (steps !== undefined) return { type: "ordered_list", items: steps };
  return { type: "paragraph", text: lines.join(" ") };
}

function isFenceEnd(line: string, ticks: string): boolean {
  const text = trim(line);
  return text.startsWith(ticks) && /^`+$/.test(text);
}

/** Collects sections line by line. */
class MarkdownReader {
  readonly sections: DocumentSection[] = [];
  readonly #ids = new Map<string, number>();
  readonly #taken = new Set<string>();
  #lines: string[] = [];

  /** Text before the first heading gets a heading of its own. */
  get #section(): DocumentSection {
    return this.sections.at(-1) ?? this.startSection("Overview", 2);
  }

  startSection(heading: string, level: number): DocumentSection {
    this.endBlock();
    const section = { id: this.#idFor(slugOf(heading)), heading, level, blocks: [] };
    this.sections.push(section);
    return section;
  }

  /** Numbers go on where they ended, so that many equal headings take no time to tell apart. */
  #idFor(slug: string): string {
    let id = slug;
    for (let number = this.#ids.get(slug) ?? 2; this.#taken.has(id); number += 1) {
      id = `${slug}-${number}`;
      this.#ids.set(slug, number + 1);
    }
    this.#taken.add(id);
    return id;
  }

  addLine(line: string): void {
    this.#lines.push(line);
  }

  endBlock(): void {
    if (this.#lines.length === 0) return;
    const block = blockOf(this.#lines);
    this.#lines = [];
    this.#section.blocks.push(block);
  }

  addCode(text: string, language: string): void {
    this.endBlock();
    this.#section.blocks.push({ type: "code", text, ...(language === "" ? {} : { language }) });
  }
}

/**
 * Reads Markdown into sections: headings, paragraphs (their lines joined by a space), flat lists, and fenced code. A block of
 * lines is a list when every line is an item. Horizontal rules only separate. Text before the first heading becomes the
 * section `overview`, and so does a document without headings.
 */
export function parseMarkdown(markdown: string): StructuredDocument {
  const reader = new MarkdownReader();
  const lines = markdown.split(/\r\n?|\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = trim(lines[index] ?? "");
    const fence = fenceStart.exec(line);
    const [, hashes, heading = ""] = headingForm.exec(line) ?? [];
    if (fence !== null) {
      const [, ticks = "```", language = ""] = fence;
      const start = index + 1;
      index = start;
      while (index < lines.length && !isFenceEnd(lines[index] ?? "", ticks)) index += 1;
      reader.addCode(lines.slice(start, index).join("\n"), trim(language));
    } else if (hashes !== undefined && trim(heading) !== "") {
      reader.startSection(trim(heading), hashes.length);
    } else if (line === "" || rule.test(line)) {
      reader.endBlock();
    } else {
      reader.addLine(line);
    }
  }
  reader.endBlock();
  if (reader.sections.length === 0) reader.startSection("Overview", 2);
  return { version: 1, sections: reader.sections };
}
