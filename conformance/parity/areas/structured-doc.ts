import {
  applyOperations,
  parseDeltaOperations,
  parseMarkdown,
  renderMarkdown,
  slugOf,
  structuredDocumentSchema,
  uniqueId,
} from "astrocyte/pipeline";
import * as z from "zod";
import { Corrected, NotMapped, type AreaRunner } from "../area-runner.js";

const deltaInput = z.object({
  document: structuredDocumentSchema,
  operations: z.array(z.unknown()),
});

function delta(input: unknown): unknown {
  const given = deltaInput.parse(input);
  const operations = parseDeltaOperations(given.operations);
  if (operations === undefined) return { valid: false };
  const before = JSON.stringify(given.document);
  const { document, applied, skipped, changed } = applyOperations(given.document, operations);
  const untouched = JSON.stringify(given.document) === before;
  return { applied, changed, document, input_untouched: untouched, skipped, valid: true };
}

function slug(heading: string): unknown {
  const actual = { slug: slugOf(heading) };
  if (/^\p{ASCII}*$/u.test(heading)) return actual;
  const words = heading
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== "");
  return new Corrected(
    actual,
    { slug: words.join("-") || "section" },
    "06 section 8: letters and digits of every script are kept",
  );
}

/** Documents that are changed section by section. */
export const structuredDoc: AreaRunner = {
  area: "structured_doc",
  run: ({ fn = "this function", input }) => {
    switch (fn) {
      case "parse_markdown/render_document": {
        const document = parseMarkdown(z.object({ markdown: z.string() }).parse(input).markdown);
        const rendered = renderMarkdown(document);
        const again = renderMarkdown(parseMarkdown(rendered));
        return { document, rendered, roundtrip_stable: again === rendered };
      }
      case "slugify_heading":
        return slug(z.object({ heading: z.string() }).parse(input).heading);
      case "make_unique_id": {
        const { base, existing } = z
          .object({ base: z.string(), existing: z.array(z.string()) })
          .parse(input);
        return { id: uniqueId(base, new Set(existing)) };
      }
      case "apply_operations":
      case "DeltaOperationList":
        return delta(input);
      case "InMemoryMentalModelStore.update_via_ops":
        return new NotMapped("the store of mental models is not built yet");
      default:
        return new NotMapped("trees of whole documents are outside the first releases");
    }
  },
};
