import type { Metadata } from "./dto/metadata.js";
import { oneLine } from "./internal/one-line.js";

/** Where the library reports what it survived. Data holds ids and counts, never content, queries or secrets. */
export interface Logger {
  warn(event: string, data?: Metadata): void;
  /** What went as configured, such as personal data that was redacted. A logger without it does not hear of these. */
  info?(event: string, data?: Metadata): void;
}

function line(event: string, data: Metadata | undefined): string {
  const text = data === undefined ? event : `${event} ${JSON.stringify(data)}`;
  return oneLine(text);
}

/** Reports through the process warnings of Node, which print to standard error unless the host listens for them. */
export const processLogger: Logger = {
  warn: (event, data) => process.emitWarning(line(event, data), { type: "AstrocyteWarning" }),
};
