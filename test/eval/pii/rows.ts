import { readFileSync } from "node:fs";
import * as z from "zod";
import { EvalInputError } from "../eval-input-error.js";

const rowSchema = z.object({
  full_text: z.string(),
  template_id: z.number(),
  spans: z.array(
    z.object({
      entity_type: z.string(),
      entity_value: z.string(),
      start_position: z.int(),
      end_position: z.int(),
    }),
  ),
});
/** A sentence of presidio-research, and what is marked in it; offsets are code points. */
export type Row = z.infer<typeof rowSchema>;

/** @throws EvalInputError when the file has another form. */
export function readRows(file: string): Row[] {
  try {
    return z.array(rowSchema).parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new EvalInputError(`${file} does not have the rows of the data set: ${String(error)}`);
  }
}
