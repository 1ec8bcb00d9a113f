import type { LoadedConfig } from "../config/read-config.js";
import type { Logger } from "../logger.js";
import { printable, type Terminal } from "./terminal.js";

/** What a command prints by itself it need not hear of. */
export const silentLogger: Logger = { warn: () => undefined };

/** Prints what the author of a configuration should know, as lines of standard error. @returns How many. */
export function printWarnings({ warnings }: LoadedConfig, terminal: Terminal): number {
  const lines = [
    ...warnings.unset.map((text) => `environment variable is not set: ${text}`),
    ...warnings.ignored.map((text) => `without effect: ${text}`),
    ...warnings.weakened.map((text) => `not what the compliance profile demands: ${text}`),
  ];
  for (const line of lines)
    terminal.writeError(printable(`warning: ${line}`).replaceAll("\n", " ").concat("\n"));
  return lines.length;
}
