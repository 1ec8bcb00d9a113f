import type { Metadata } from "./dto/metadata.js";
import { oneLine } from "./internal/one-line.js";
import { processLogger, type Logger } from "./logger.js";

/** In UTF-16 units. */
const maxTextLength = 512;

function shortLine(text: string): string {
  if (text.length <= maxTextLength) return oneLine(text);
  // No half of a surrogate pair at the cut.
  const cut = text.slice(0, maxTextLength).replace(/[\ud800-\udbff]$/, "");
  return `${oneLine(cut)}…`;
}

function cleaned(data: Metadata | undefined): Metadata | undefined {
  if (data === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      shortLine(key),
      typeof value === "string" ? shortLine(value) : value,
    ]),
  );
}

/** Makes one call of a logger that can neither throw nor reject. */
function attempt(write: () => unknown): void {
  try {
    Promise.resolve(write()).catch(() => undefined);
  } catch {
    // There is nowhere left to report it.
  }
}

/**
 * A logger that nothing can be smuggled into and that cannot fail an operation: in the event and in every text, control
 * characters, line separators and bidirectional controls become spaces, and what is longer than 512 UTF-16 units is cut; what
 * the logger throws or rejects with is dropped.
 */
export function safeLogger(logger: Logger = processLogger): Logger {
  return {
    warn: (event, data) => attempt(() => logger.warn(shortLine(event), cleaned(data))),
    info: (event, data) => attempt(() => logger.info?.(shortLine(event), cleaned(data))),
  };
}
