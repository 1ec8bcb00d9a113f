import { toTimestamp } from "astrocyte";
import { assertDeletable, decideLifecycle } from "astrocyte/policy";
import { createInMemoryLegalHoldStore } from "astrocyte/testing";
import * as z from "zod";
import { NotMapped, outcomeOf, type AreaRunner } from "../area-runner.js";

const holdsInput = z.object({
  steps: z.array(z.tuple([z.string(), z.string()]).rest(z.string())),
});

async function replayHolds(input: unknown): Promise<unknown> {
  const holds = createInMemoryLegalHoldStore();
  const steps: unknown[] = [];
  for (const [op, bankId, holdId = ""] of holdsInput.parse(input).steps) {
    const listed = await holds.listHolds(bankId);
    switch (op) {
      case "set": {
        await holds.setHold({
          bankId,
          holdId,
          reason: "",
          setBy: "user:api",
          setAt: "2025-01-15T12:00:00+00:00",
        });
        const hold = (await holds.listHolds(bankId)).find((each) => each.holdId === holdId);
        steps.push({ hold_id: hold?.holdId, set_by: hold?.setBy });
        break;
      }
      case "is":
        steps.push({ held: listed.length > 0 });
        break;
      case "check":
        steps.push(await outcomeOf(() => assertDeletable(holds, bankId)));
        break;
      case "release":
        steps.push({ released: await holds.releaseHold(bankId, holdId) });
        break;
      case "holds":
        steps.push({ holds: listed.map((hold) => hold.holdId) });
        break;
      default:
        return new NotMapped(`no counterpart of ${op}`);
    }
  }
  return { steps };
}

const daysAgo = z.number().nullable();
const ttlInput = z.object({
  created_days_ago: daysAgo,
  recalled_days_ago: daysAgo,
  tags: z.array(z.string()).nullable(),
  fact_type: z.string().nullable(),
  hold: z.union([z.boolean(), z.string()]),
  ttl: z.object({
    archive_after_days: z.number().default(90),
    delete_after_days: z.number().default(365),
    exempt_tags: z.array(z.string()).default([]),
    fact_type_overrides: z.record(z.string(), z.number().nullable()).default({}),
  }),
});
/** 2025-01-15T12:00:00Z. */
const now = 1_736_942_400_000;

function decide(input: unknown): unknown {
  const parsed = ttlInput.safeParse(input);
  if (!parsed.success) return new NotMapped("timestamps of memories always have a zone");
  const { created_days_ago: created, recalled_days_ago: recalled, ttl, ...rest } = parsed.data;
  const at = (days: number) => toTimestamp(now - days * 86_400_000);
  const metadata = {
    ...(created === null ? {} : { _created_at: at(created) }),
    ...(recalled === null ? {} : { _last_recalled_at: at(recalled) }),
  };
  const memory = { metadata, tags: rest.tags ?? undefined, factType: rest.fact_type ?? undefined };
  // A text names another bank that is held.
  return { ...decideLifecycle(memory, ttl, { now, isHeld: rest.hold === true }) };
}

/** Legal holds, and what becomes of a memory by its age. */
export const lifecycle: AreaRunner = {
  area: "lifecycle",
  run: ({ category, input }) => {
    if (category === "holds") return replayHolds(input);
    return category === "ttl" ? decide(input) : new NotMapped(`no counterpart of ${category}`);
  },
};
