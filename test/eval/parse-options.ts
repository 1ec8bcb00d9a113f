import { existsSync } from "node:fs";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { EvalInputError } from "./eval-input-error.js";

/** The string options of an evaluation; `--data` must name a file that is there. */
export function parseOptions<const Name extends string>(
  args: readonly string[],
  names: readonly Name[],
): { readonly data: string } & { readonly [key in Name]?: string } {
  const options: ParseArgsConfig["options"] = Object.fromEntries(
    ["data", ...names].map((name) => [name, { type: "string" as const }]),
  );
  let values: Record<string, unknown>;
  try {
    values = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new EvalInputError(error instanceof Error ? error.message : String(error));
  }
  const { data } = values;
  if (typeof data !== "string") throw new EvalInputError("Give the data set: --data <file>");
  if (!existsSync(data)) throw new EvalInputError(`The data set ${data} does not exist`);
  return { ...values, data };
}
