import { codePointLength } from "../internal/code-points.js";
import { splitWords, trim } from "../internal/whitespace.js";
import { stripPunctuation } from "./strip-punctuation.js";

const nothingRelevant = "I don't have relevant information to answer this question.";
const memoryPrefix = /^\[Memory \d+\](?: \([^)]*\))?(?: \[[^\]]*\])?:\s*/;

/** The distinct lower-cased words of more than two code points, without ASCII punctuation at their ends. */
function significantTerms(text: string): Set<string> {
  return new Set(
    splitWords(text)
      .map((word) => stripPunctuation(word).toLowerCase())
      .filter((word) => codePointLength(word) > 2),
  );
}

function between(text: string, tag: string): string | undefined {
  const start = text.indexOf(`<${tag}>`);
  if (start < 0) return undefined;
  const inner = start + tag.length + 2;
  const end = text.indexOf(`</${tag}>`, inner);
  return end < 0 ? undefined : trim(text.slice(inner, end));
}

function memoriesOf(section: string): string[] {
  const memories: string[][] = [];
  for (const line of section.split("\n").map(trim)) {
    if (line === "") continue;
    const last = memories.at(-1);
    if (last === undefined || line.startsWith("[Memory ")) {
      memories.push([line.replace(memoryPrefix, "")]);
    } else last.push(line);
  }
  return memories.map((lines) => lines.join(" "));
}

/**
 * Answers a synthesis prompt with the memories themselves: the three that share most terms with the query, best first.
 *
 * @param prompt - Holds the numbered memories within `<memories>` and the question within `<query>`.
 */
export function extractiveAnswer(prompt: string): string {
  const query = between(prompt, "query");
  if (query === undefined) return "No query found.";
  const wanted = significantTerms(query);
  const best = memoriesOf(between(prompt, "memories") ?? "")
    .map((text) => ({
      text,
      shared: [...significantTerms(text)].filter((term) => wanted.has(term)).length,
    }))
    .filter(({ shared }) => shared > 0)
    .toSorted((a, b) => b.shared - a.shared)
    .slice(0, 3);
  return best.length === 0 ? nothingRelevant : best.map(({ text }) => text).join(" ");
}
