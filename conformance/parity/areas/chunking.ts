import { chunkText } from "astrocyte";
import * as z from "zod";
import { outcomeOf, type AreaRunner } from "../area-runner.js";

const inputSchema = z.object({
  text: z.string(),
  strategy: z.custom<"sentence">((value) => typeof value === "string").optional(),
  max_chunk_size: z.int().optional(),
  overlap: z.int().optional(),
});

/** How content is cut into chunks. */
export const chunking: AreaRunner = {
  area: "chunking",
  run: ({ input }) => {
    const { text, strategy, max_chunk_size: maxSize, overlap } = inputSchema.parse(input);
    return outcomeOf(() => chunkText(text, { strategy, maxSize, overlap }));
  },
};
