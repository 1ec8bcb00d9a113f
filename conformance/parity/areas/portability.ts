import { Astrocyte, InvalidArgumentError, type ConflictRule } from "astrocyte";
import { createInMemoryVectorStore, createMockLLM, FakeClock } from "astrocyte/testing";
import * as z from "zod";
import { Corrected, NotMapped, outcomeOf, Projection, type AreaRunner } from "../area-runner.js";

const now = "2025-01-15T12:00:00+00:00";
const bankId = "b";

function createBrain(): Astrocyte {
  return new Astrocyte({
    vectorStore: createInMemoryVectorStore(),
    embeddings: createMockLLM(),
    clock: new FakeClock(now),
    // The reference's engine keeps a text as it is, also one that it has.
    config: {
      barriers: { pii: { mode: "disabled" } },
      signal_quality: { dedup: { enabled: false } },
    },
  });
}

const header = (count: number) =>
  `${JSON.stringify({ _ama_version: 1, bank_id: bankId, exported_at: now, provider: "p", memory_count: count })}\n`;

const exportInput = z.object({
  memories: z.array(
    z.object({
      content: z.string(),
      tags: z.array(z.string()).optional(),
      metadata: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
        .optional(),
      occurred_at: z.string().optional(),
      source: z.string().optional(),
    }),
  ),
});
const exportLine = z.looseObject({ text: z.string().optional() });

/** The lines in the order of retaining, with the reference's ids. */
async function exported(input: unknown): Promise<Record<string, unknown>[]> {
  const { memories } = exportInput.parse(input);
  const brain = createBrain();
  for (const { content, occurred_at: occurredAt, ...rest } of memories) {
    await brain.retain(content, { bankId, occurredAt, ...rest });
  }
  const lines: Record<string, unknown>[] = [];
  for await (const line of brain.exportBank({ bankId }))
    lines.push(exportLine.parse(JSON.parse(line)));
  const [first = {}, ...records] = lines;
  const order = new Map(memories.map(({ content }, index) => [content, index]));
  const placeOf = ({ text }: Record<string, unknown>) => order.get(String(text)) ?? -1;
  const sorted = records.toSorted((a, b) => placeOf(a) - placeOf(b));
  return [
    { ...first, provider: "mystique" },
    // What the reference does not write, and its readers ignore.
    ...sorted.map(({ created_at: _createdAt, ...record }, index) => ({
      ...record,
      id: `m${index + 1}`,
    })),
  ];
}

async function runExport(input: unknown, expected: unknown): Promise<unknown> {
  const lines = await exported(input);
  const actual = {
    count: lines.length - 1,
    key_orders: lines.map((line) => Object.keys(line)),
    lines,
  };
  const recorded = z.looseObject({ count: z.int() }).parse(expected);
  const { ascii_only: _ascii, ends_with_newline: _end, ...rest } = recorded;
  const { memories } = exportInput.parse(input);
  if (recorded.count !== memories.length) {
    return new Corrected(
      { count: actual.count },
      { count: memories.length },
      "D-67: an export holds the whole of a bank",
    );
  }
  return new Projection(actual, rest);
}

const importInput = z.object({
  body: z.string(),
  on_conflict: z.custom<ConflictRule>((value) => typeof value === "string").default("skip"),
});

/** The bank has what the reference's stub takes for a duplicate. */
async function runImport(input: unknown, expected: unknown): Promise<unknown> {
  const { body, on_conflict: onConflict } = importInput.parse(input);
  const brain = createBrain();
  await brain.importBank([`${header(1)}{"id":"2","text":"b"}\n`], { bankId });
  const hasDuplicate = /"text":"b"/.test(body);
  const target = hasDuplicate ? bankId : "target";
  const result = await brain.importBank([header(0) + body], { bankId: target, onConflict });
  const { imported, skipped, errors } = result;
  const actual = { imported, skipped, errors };
  const { requests: _requests, ...counts } = z.looseObject({}).parse(expected);
  if (hasDuplicate && onConflict === "overwrite") {
    return new Corrected(
      actual,
      { imported: 2, skipped: 0, errors: 0 },
      "D-67: overwrite replaces what is there",
    );
  }
  return new Projection(actual, counts);
}

async function runHeader(input: unknown): Promise<unknown> {
  const { file } = z.object({ file: z.string() }).parse(input);
  const outcome = await outcomeOf(async () => {
    let memoryCount: unknown;
    await createBrain().importBank([file], {
      bankId,
      onProgress: (_done, total) => {
        memoryCount = total;
      },
    });
    return { memory_count: memoryCount };
  });
  if (file.includes('"memory_count":true')) {
    return new Corrected(
      outcome,
      { error: { class: "ValueError" } },
      "06 §3: memory_count is a whole number, and true is none",
    );
  }
  return "error" in outcome && outcome.error instanceof InvalidArgumentError
    ? outcome
    : new NotMapped("what a right header says is not handed out");
}

/** Exports and imports; the file's own lines are read by importing them. */
export const portability: AreaRunner = {
  area: "portability",
  run: ({ category, input, expected }) => {
    switch (category) {
      case "export":
        return runExport(input, expected);
      case "import":
        return runImport(input, expected);
      case "header":
        return runHeader(input);
      case "containment":
        return new NotMapped("no path is taken: where files may lie is the host's to say");
      case "iter":
        return new NotMapped("records are not handed out, but imported");
      default:
        return new NotMapped(`no counterpart of ${category}`);
    }
  },
};
