import { looksTruncated, parseTolerantJson } from "astrocyte/pipeline";
import * as z from "zod";
import { Corrected, type AreaRunner } from "../area-runner.js";

const inputSchema = z.object({ text: z.string() });

/** JSON's strings, as a regular expression: where quotation marks stand in prose it finds too much. */
const jsonString = /"(?:[^"\\]|\\.)*"/gs;

/** More openings than closings, or an end that is none of JSON's, by counting characters. */
function countsAsTruncated(text: string): boolean {
  const count = (character: string) => text.split(character).length - 1;
  if (count("{") > count("}") || count("[") > count("]")) return true;
  return /[[{]/.test(text) && !/[\]}"]\s*$/.test(text);
}

/** JSON in the replies of models. */
export const jsonTolerant: AreaRunner = {
  area: "json_tolerant",
  run: ({ fn, input, expected }) => {
    const { text } = inputSchema.parse(input);
    const truncated = looksTruncated(text);
    const parsed = parseTolerantJson(text);
    const actual = fn === "looks_truncated" ? { truncated } : { parsed, truncated };
    const bare = text.replaceAll(jsonString, '""');
    if (countsAsTruncated(bare) === countsAsTruncated(text)) return actual;
    const recorded = z.record(z.string(), z.unknown()).parse(expected);
    return new Corrected(
      actual,
      { ...recorded, truncated: countsAsTruncated(bare) },
      "05 section 9.1: brackets inside JSON strings are text",
    );
  },
};
