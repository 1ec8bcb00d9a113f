import * as z from "zod";

/** The operations of a recorded script by name; each gets its whole record. */
export type Operations = Readonly<
  Record<string, ((operation: Readonly<Record<string, unknown>>) => unknown) | undefined>
>;

export const bankSchema = z.object({ bank_id: z.string() }).transform((value) => value.bank_id);

export const limitSchema = z
  .object({ limit: z.int().optional() })
  .transform(({ limit }) => (limit === undefined ? {} : { limit }));

const textsSchema = z.array(z.string());

/** A list of texts under a key of an operation. */
export function textsOf(operation: Readonly<Record<string, unknown>>, key: string): string[] {
  return textsSchema.parse(operation[key]);
}

export function textOf(operation: Readonly<Record<string, unknown>>, key: string): string {
  return z.string().parse(operation[key]);
}
