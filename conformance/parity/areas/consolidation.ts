import {
  fromWire,
  timestampMs,
  timestampSchema,
  vectorItemSchema,
  type VectorItem,
} from "astrocyte";
import { planConsolidation } from "astrocyte/pipeline";
import { cosine } from "astrocyte/policy";
import * as z from "zod";
import { Corrected, NotMapped, type AreaRunner } from "../area-runner.js";
import { findDifference } from "../find-difference.js";
import type { ParityCase } from "../parity-case.js";

const bankId = "b";
const now = "2025-01-15T12:00:00+00:00";

const inputSchema = z.object({
  items: z.array(z.record(z.string(), z.unknown())),
  similarity_threshold: z.number().default(0.95),
  archive_unretrieved_after_days: z.number().nullish(),
});

function setOf(tags: readonly string[] | undefined): string {
  return JSON.stringify([...new Set(tags)].toSorted());
}

/** Every pair compared, with nothing to speed it up. */
function plainResult(
  items: readonly VectorItem[],
  {
    similarity_threshold: threshold,
    archive_unretrieved_after_days: days,
  }: z.infer<typeof inputSchema>,
): unknown {
  const kept: VectorItem[] = [];
  let duplicates = 0;
  const left: VectorItem[] = [];
  for (const item of items) {
    const repeats = kept.some(
      (other) =>
        item.vector.length > 0 &&
        other.vector.length === item.vector.length &&
        setOf(other.tags) === setOf(item.tags) &&
        other.factType === item.factType &&
        cosine(other.vector, item.vector) >= threshold - 1e-12,
    );
    if (repeats) duplicates += 1;
    else {
      kept.push(item);
      left.push(item);
    }
  }
  const isStale = ({ metadata }: VectorItem): boolean => {
    const seen = metadata?.["_last_recalled_at"] ?? metadata?.["_created_at"];
    const parsed = timestampSchema.safeParse(seen);
    if (!parsed.success || days === null || days === undefined) return false;
    return timestampMs(now) - timestampMs(parsed.data) >= days * 86_400_000;
  };
  const fresh = left.filter((item) => !isStale(item));
  return {
    result: {
      duplicates_removed: duplicates,
      left: fresh.map(({ id }) => id),
      orphaned_entities_removed: 0,
      stale_archived: left.length - fresh.length,
      total_scanned: items.length,
    },
  };
}

function run({ input, expected }: ParityCase): unknown {
  const given = inputSchema.parse(input);
  const items = given.items
    .map((item) => fromWire(vectorItemSchema, { bank_id: bankId, text: "text", ...item }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const { scanned, duplicateIds, staleIds } = planConsolidation(items, {
    now,
    similarityThreshold: given.similarity_threshold,
    staleAfterDays: given.archive_unretrieved_after_days ?? undefined,
  });
  const removed = new Set([...duplicateIds, ...staleIds]);
  const actual = {
    result: {
      duplicates_removed: duplicateIds.length,
      left: items.map(({ id }) => id).filter((id) => !removed.has(id)),
      orphaned_entities_removed: 0,
      stale_archived: staleIds.length,
      total_scanned: scanned,
    },
  };
  const due = plainResult(items, given);
  if (findDifference(due, expected) === undefined) return actual;
  return new Corrected(
    actual,
    due,
    "05 section 9.6: every pair of the same tags and fact type is compared, and no other",
  );
}

/** Repetitions and stale memories of a bank. */
export const consolidation: AreaRunner = {
  area: "consolidation",
  run: (parityCase) => {
    switch (parityCase.category) {
      case "run":
        return run(parityCase);
      case "bucket_key":
        return new NotMapped("how vectors are put into buckets is each implementation's own");
      default:
        return new NotMapped("compiled pages are outside the first releases");
    }
  },
};
