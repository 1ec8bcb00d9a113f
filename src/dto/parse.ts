import type * as z from "zod";
import { InvalidArgumentError } from "../errors.js";

/** A zod issue path the way a user would write it: `hits[2].metadata.user`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}

/** All issues of a failed parse as `path: reason`, joined by `; `. Values never appear. */
export function formatIssues(
  error: z.ZodError,
  format: (path: readonly PropertyKey[]) => string = formatPath,
): string {
  return error.issues
    .map((issue) => {
      const path = format(issue.path);
      return path === "" ? issue.message : `${path}: ${issue.message}`;
    })
    .join("; ");
}

/**
 * Parses a value that came over a public edge.
 *
 * @param subject - What the value is, for the message: `RetainRequest`, `retain options`.
 * @throws {@link InvalidArgumentError} with the path and the reason of every problem.
 */
export function parseShape<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  subject: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InvalidArgumentError(`${subject}: ${formatIssues(result.error)}`, {
    cause: result.error,
  });
}
