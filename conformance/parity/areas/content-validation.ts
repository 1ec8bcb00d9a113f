import { validateContent } from "astrocyte/policy";
import * as z from "zod";
import { Corrected, type AreaRunner } from "../area-runner.js";

const inputSchema = z.object({
  config: z.object({
    max_content_length: z.number().optional(),
    reject_empty: z.boolean().optional(),
    reject_empty_content: z.boolean().optional(),
    reject_binary: z.boolean().optional(),
    reject_binary_content: z.boolean().optional(),
    allowed_content_types: z.array(z.string()).nullish(),
  }),
  content: z.string(),
  content_type: z.string(),
});
const expectedSchema = z.object({ errors: z.array(z.string()) });

/** A control character that is no whitespace either. */
function isControl(code: number): boolean {
  return code < 9 || (code > 13 && code < 28) || (code > 126 && code < 160 && code !== 0x85);
}

function looksBinary(content: string): boolean {
  const codes = Array.from(content, (character) => character.codePointAt(0) ?? 0);
  return codes.includes(0) || codes.filter(isControl).length * 10 > codes.length;
}

/** What content is refused for. */
export const contentValidation: AreaRunner = {
  area: "content_validation",
  run: ({ input, expected }) => {
    const { config, content, content_type: contentType } = inputSchema.parse(input);
    const rejectBinaryContent = config.reject_binary_content ?? config.reject_binary;
    const errors = validateContent(content, contentType, {
      maxContentLength: config.max_content_length,
      rejectEmptyContent: config.reject_empty_content ?? config.reject_empty,
      rejectBinaryContent,
      allowedContentTypes: config.allowed_content_types ?? undefined,
    });
    if (rejectBinaryContent === false || !looksBinary(content)) return { errors };
    return new Corrected(
      { errors },
      { errors: [...expectedSchema.parse(expected).errors, "Content looks binary"] },
      "03 section 4: reject_binary_content is documented, and the recorded validator never looks at it",
    );
  },
};
