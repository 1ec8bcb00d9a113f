import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyOperations } from "../../../src/pipeline/documents/apply-operations.js";
import { parseDeltaOperations } from "../../../src/pipeline/documents/delta-operation.js";
import { parseMarkdown } from "../../../src/pipeline/documents/parse-markdown.js";
import { renderMarkdown } from "../../../src/pipeline/documents/render-markdown.js";
import { slugOf, uniqueId } from "../../../src/pipeline/documents/section-id.js";
import { structuredDocumentSchema } from "../../../src/dto/structured-document.js";

const piece = fc.constantFrom(
  ..."# A,## A,####### B,- x,* y,1. one,2) two,---,,text,```,```py".split(","),
  ..."  - z,#,# ,````,`,日本,## 日本,\r,1.,-".split(","),
);
const markdown = fc
  .array(fc.oneof(piece, fc.string({ unit: "binary" })))
  .map((lines) => lines.join("\n"));

/** "##" and "x" on two lines are a paragraph "## x", which reads as a heading: so read, render and read first. */
function readsTheSame(render: typeof renderMarkdown): void {
  fc.assert(
    fc.property(markdown, (text) => {
      const document = parseMarkdown(renderMarkdown(parseMarkdown(text)));
      expect(parseMarkdown(render(document))).toEqual(document);
    }),
    { numRuns: 500 },
  );
}

describe("Markdown", () => {
  it("keeps text before the first heading as a section of its own", () => {
    expect(parseMarkdown("hello\nworld\n\n# A\n\n- x\n+ y\n\n```py\n# no\n```")).toEqual({
      version: 1,
      sections: [
        {
          id: "overview",
          heading: "Overview",
          level: 2,
          blocks: [{ type: "paragraph", text: "hello world" }],
        },
        {
          id: "a",
          heading: "A",
          level: 1,
          blocks: [
            { type: "bullet_list", items: ["x", "y"] },
            { type: "code", text: "# no", language: "py" },
          ],
        },
      ],
    });
  });

  it("reads what it rendered as the same, once lines that were joined are read anew", () => {
    readsTheSame(renderMarkdown);
    expect(() => {
      readsTheSame((document) => renderMarkdown(document).replaceAll("\n\n", "\n"));
    }).toThrow(/Property failed/);
  });

  it("gives every section an id of its own, quickly", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const ids = parseMarkdown(text).sections.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
    const start = performance.now();
    parseMarkdown("# A\n".repeat(50_000));
    parseMarkdown(`# ${" ".repeat(200_000)}`);
    expect(performance.now() - start).toBeLessThan(1500);
  });

  it("renders the empty document as nothing", () => {
    expect(renderMarkdown({ version: 1, sections: [] })).toBe("");
  });
});

describe("section ids", () => {
  it("keep the letters of every script", () => {
    expect(["Stop  Conditions!", "日本 語", "!!!"].map(slugOf)).toEqual([
      "stop-conditions",
      "日本-語",
      "section",
    ]);
    expect(uniqueId("a", new Set(["a", "a-2"]))).toBe("a-3");
  });
});

describe("operations", () => {
  const document = parseMarkdown("# A\n\np0\n\np1\n\n## B");
  const block = { type: "paragraph", text: "new" } as const;

  it("are refused together when one is malformed", () => {
    const good = { op: "rename_section", section_id: "a", new_heading: "R" };
    expect(parseDeltaOperations([good])).toHaveLength(1);
    for (const bad of [
      { op: "nope" },
      { ...good, why: 1 },
      { op: "insert_block", section_id: "a", index: -1, block },
      { op: "append_block", section_id: "a" },
      { op: "add_section", heading: "x", level: 7 },
      null,
    ]) {
      expect(parseDeltaOperations([good, bad])).toBeUndefined();
    }
    expect(parseDeltaOperations({ 0: good })).toBeUndefined();
  });

  it("see what earlier ones did, and leave the given document alone", () => {
    const before = structuredClone(document);
    const operations = parseDeltaOperations([
      { op: "add_section", heading: "A", after_section_id: "a", blocks: [block] },
      { op: "append_block", section_id: "a-2", block },
      { op: "remove_block", section_id: "a", index: 0 },
      { op: "insert_block", section_id: "a", index: 1, block },
      { op: "insert_block", section_id: "a", index: 9, block },
      { op: "remove_section", section_id: "gone" },
    ]);
    const {
      document: after,
      applied,
      skipped,
      changed,
    } = applyOperations(document, operations ?? []);
    expect(renderMarkdown(after)).toBe("# A\n\np1\n\nnew\n\n## A\n\nnew\n\nnew\n\n## B\n");
    expect(applied).toHaveLength(4);
    expect(applied[0]).toMatchObject({ op: "add_section", assigned_id: "a-2" });
    expect(skipped.map(({ reason }) => reason)).toEqual([
      "index out of range: 9 > 2",
      "unknown section_id: gone",
    ]);
    expect(changed).toBe(true);
    expect(document).toEqual(before);
    expect(JSON.stringify(applied)).not.toContain("blocks");
  });

  it("always leave a valid document with ids that differ", () => {
    const id = fc.constantFrom("a", "b", "a-2", "overview", "x");
    const index = fc.nat(4);
    const operation = fc.oneof(
      fc.record({ op: fc.constant("append_block"), section_id: id, block: fc.constant(block) }),
      fc.record({
        op: fc.constant("insert_block"),
        section_id: id,
        index,
        block: fc.constant(block),
      }),
      fc.record({
        op: fc.constant("replace_block"),
        section_id: id,
        index,
        block: fc.constant(block),
      }),
      fc.record({ op: fc.constant("remove_block"), section_id: id, index }),
      fc.record({ op: fc.constant("add_section"), heading: id, new_id: fc.option(id) }),
      fc.record({ op: fc.constant("remove_section"), section_id: id }),
      fc.record({ op: fc.constant("replace_section_blocks"), section_id: id }),
    );
    fc.assert(
      fc.property(fc.array(operation), (given) => {
        const operations = parseDeltaOperations(given) ?? [];
        const { document: after, applied, skipped } = applyOperations(document, operations);
        expect(applied.length + skipped.length).toBe(given.length);
        expect(structuredDocumentSchema.safeParse(after).success).toBe(true);
        const ids = after.sections.map((section) => section.id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});
