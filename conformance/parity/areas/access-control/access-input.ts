import {
  accessGrantSchema,
  astrocyteContextSchema,
  fromWire,
  type AccessGrant,
  type AstrocyteContext,
} from "astrocyte";
import * as z from "zod";

/** A caller as recorded; the reference takes any word for a type. */
const actorSchema = z.object({ type: z.string(), id: z.string() });
export const recordedContextSchema = z
  .object({
    principal: z.string(),
    actor: actorSchema.nullish(),
    on_behalf_of: actorSchema.nullish(),
  })
  .nullable();
export type RecordedContext = z.infer<typeof recordedContextSchema>;

export const recordedGrantsSchema = z.array(z.tuple([z.string(), z.string(), z.array(z.string())]));
export type RecordedGrants = z.infer<typeof recordedGrantsSchema>;

/** @throws InvalidArgumentError for a type of actor that the shapes do not know. */
export function toContext(recorded: RecordedContext): AstrocyteContext | undefined {
  return recorded === null ? undefined : fromWire(astrocyteContextSchema, recorded);
}

export function toGrants(recorded: RecordedGrants): AccessGrant[] {
  return recorded.map(([bankId, principal, permissions]) =>
    accessGrantSchema.parse({ bankId, principal, permissions }),
  );
}
