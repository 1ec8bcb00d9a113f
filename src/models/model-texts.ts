import { isRecord } from "../dto/is-record.js";
import type { MentalModelDraft } from "../dto/mental-model.js";
import { renderMarkdown } from "../pipeline/documents/render-markdown.js";

/** What names things in a document; no text of anybody's. */
const structuralKeys: readonly string[] = [
  "id",
  "op",
  "section_id",
  "after_section_id",
  "type",
  "version",
];

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      structuralKeys.includes(key) ? item : mapTexts(item, change),
    ]),
  );
}

/** The texts inside a document or an operation, in order; it must have been checked, since it is walked to any depth. */
export function textsIn(value: unknown): string[] {
  const texts: string[] = [];
  mapTexts(value, (text) => {
    texts.push(text);
    return text;
  });
  return texts;
}

/** A copy with other texts in the places of {@link textsIn}. */
export function withTexts<Value>(value: Value, texts: readonly string[]): Value {
  let next = 0;
  const changed = mapTexts(value, (text) => texts[next++] ?? text);
  // The same shape, with strings where strings were.
  return changed as Value; // oxlint-disable-line typescript/no-unsafe-type-assertion
}

/** The texts of a draft: its title, and its sections or else its content. */
export function textsOfDraft({ title, content, structuredDoc }: MentalModelDraft): string[] {
  return [title, ...(structuredDoc === undefined ? [content] : textsIn(structuredDoc))];
}

/** A draft with other texts in the places of {@link textsOfDraft}. */
export function draftWithTexts(
  draft: MentalModelDraft,
  [title = draft.title, ...rest]: readonly string[],
): MentalModelDraft {
  const { structuredDoc } = draft;
  if (structuredDoc === undefined) return { ...draft, title, content: rest[0] ?? draft.content };
  const document = withTexts(structuredDoc, rest);
  return { ...draft, title, structuredDoc: document, content: renderMarkdown(document) };
}
