const sectionTags = [
  "candidate",
  "chunks",
  "claim",
  "content",
  "entity",
  "evidence",
  "memories",
  "observations",
  "question",
] as const;

export type SectionTag = (typeof sectionTags)[number];

const tagStart = new RegExp(`<(?=\\s*(?:/\\s*)?(?:${sectionTags.join("|")})\\b)`, "gi");

/** Text between tags, changed so that nothing in it can close the section or open another. */
export function promptSection(tag: SectionTag, text: string): string {
  return `<${tag}>\n${text.replace(tagStart, "&lt;")}\n</${tag}>`;
}

/** The first code points of a text. */
export function firstCodePoints(text: string, count: number): string {
  // A code point has at most two units, so that only the beginning of a long text is taken apart.
  return Array.from(text.slice(0, count * 2))
    .slice(0, count)
    .join("");
}
