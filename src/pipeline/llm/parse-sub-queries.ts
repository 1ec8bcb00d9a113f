import { trim } from "../../internal/whitespace.js";
import { readText } from "./reply-values.js";

const mostQueries = 4;

/**
 * The query itself and the sub-questions of a reply, one a line, at most four in all; repetitions in another case are left
 * out. A blank reply gives the query alone.
 */
export function parseSubQueries(query: string, reply: string): string[] {
  const queries = new Map([[trim(query).toLowerCase(), query]]);
  for (const line of reply.split("\n")) {
    if (queries.size >= mostQueries) break;
    const text = readText(line);
    if (text === undefined || queries.has(text.toLowerCase())) continue;
    queries.set(text.toLowerCase(), text);
  }
  return [...queries.values()];
}
