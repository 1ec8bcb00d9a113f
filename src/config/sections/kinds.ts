import * as z from "zod";
import { Secret } from "../secret.js";

/** Kinds of value that several sections have. */
export const share = z.number().min(0).max(1);
export const count = z.int().nonnegative();
export const atLeastOne = z.int().positive();
export const text = z.string().trim().min(1);

/** A name or an id. A file may leave the quotes off one that looks like a number. */
export const identifier = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().trim().min(1, "expected a name, got an empty text"));

export const permissions = z.array(z.enum(["read", "write", "forget", "admin", "*"]));

/** A section that is only switched on or off. */
export const flagSection = (what: string) =>
  z.object({ enabled: z.boolean().default(false).describe(what) });

/** A text that may be hidden already, as one with credentials in it is. */
export const revealedText = z.preprocess(
  (value) => (value instanceof Secret ? value.reveal() : value),
  z.string().trim(),
);
