import { trim } from "../../internal/whitespace.js";
import { readJson } from "./read-json.js";

export interface TolerantJsonLimits {
  /** UTF-16 units; a longer text is not looked at. @defaultValue 1000000 */
  readonly maxLength?: number | undefined;
  /** Lists and objects inside each other. @defaultValue 256 */
  readonly maxDepth?: number | undefined;
}

/** From the first opening to the last closing character, both included. */
function between(text: string, open: string, close: string): string | undefined {
  const start = text.indexOf(open);
  const end = text.lastIndexOf(close);
  return start < 0 || end <= start ? undefined : text.slice(start, end + 1);
}

/**
 * Reads the JSON in a model's reply: the whole text, or else what stands from its first `{` to its last `}`, so that fences
 * and remarks around an object do no harm. Nothing is repaired: trailing commas, comments, single quotes and text that was
 * cut off stay unreadable.
 *
 * @param shape - `list` looks for `[` to `]` instead.
 * @returns `undefined` when there is no JSON, or more than the limits allow. Numbers may be NaN or infinite.
 */
export function parseTolerantJson(
  reply: string,
  limits: TolerantJsonLimits = {},
  shape: "object" | "list" = "object",
): unknown {
  const { maxLength = 1_000_000, maxDepth = 256 } = limits;
  if (reply.length > maxLength) return undefined;
  const whole = readJson(reply, maxDepth);
  if (whole !== undefined) return whole;
  const part = shape === "object" ? between(reply, "{", "}") : between(reply, "[", "]");
  return part === undefined ? undefined : readJson(part, maxDepth);
}

/**
 * Reads a reply that is JSON as a whole, bare or as the content of one closed fence (three backticks, on lines of their own).
 *
 * @returns `undefined` for anything else.
 */
export function parseFencedJson(reply: string, limits: TolerantJsonLimits = {}): unknown {
  const { maxLength = 1_000_000, maxDepth = 256 } = limits;
  if (reply.length > maxLength) return undefined;
  const text = trim(reply);
  const body = text.startsWith("```") ? text.split("\n").slice(1, -1).join("\n") : text;
  return readJson(body, maxDepth);
}
