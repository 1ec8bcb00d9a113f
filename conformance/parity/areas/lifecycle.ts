import { assertDeletable } from "astrocyte/policy";
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

/** Legal holds. */
export const lifecycle: AreaRunner = {
  area: "lifecycle",
  run: ({ category, input }) =>
    category === "holds" ? replayHolds(input) : new NotMapped(`no counterpart of ${category}`),
};
