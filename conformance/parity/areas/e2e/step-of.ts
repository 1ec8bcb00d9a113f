import { astrocyteContextSchema, fromWire, type AstrocyteContext } from "astrocyte";
import * as z from "zod";
import type { Step } from "./scenario.js";
import type { World } from "./world.js";

/** Does a step; gives its result in the form of the recording. */
export type RunStep = (world: World) => Promise<unknown>;

/** Takes a recorded step; undefined when it says something that has no counterpart. */
export type ReadStep = (step: Step) => RunStep | undefined;

/** A step of this form; anything else in it has no counterpart. */
export function stepOf<Schema extends z.ZodType>(
  schema: Schema,
  run: (world: World, step: z.output<Schema>) => unknown,
): ReadStep {
  return (step) => {
    const parsed = schema.safeParse(step);
    return parsed.success ? async (world) => run(world, parsed.data) : undefined;
  };
}

const contextSchema = z
  .union([z.string().transform((principal) => ({ principal })), z.record(z.string(), z.unknown())])
  .transform((wire): AstrocyteContext => fromWire(astrocyteContextSchema, wire));
/** What every step says. */
export const base = { op: z.string(), same_time: z.boolean() };
/** Whatever it is: the library's answer to a wrong one is recorded. */
const anyBankId = z.custom<string>(() => true);
/** What every step about a bank says. */
export const operation = {
  ...base,
  bank_id: z
    .unknown()
    .optional()
    .transform((bankId) => anyBankId.parse(bankId)),
  context: contextSchema.optional(),
};
