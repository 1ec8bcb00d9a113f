import { PiiRejectedError } from "../../errors.js";
import { utf16Starts } from "./code-point-offsets.js";
import { byPrecedence } from "./merge-matches.js";
import type { PiiMatch } from "./pii-match.js";

/** `warn` leaves the text as it is; whoever applies the rules reports the matches. */
export type PiiAction = "redact" | "reject" | "warn";

export interface PiiRules {
  /** For every type without an action of its own. */
  readonly action: PiiAction;
  /** By match type. An override without `action` only changes the label. */
  readonly typeOverrides?:
    | Readonly<
        Record<
          string,
          { readonly action?: PiiAction | undefined; readonly replacement?: string | undefined }
        >
      >
    | undefined;
}

interface Splice {
  readonly start: number;
  end: number;
  readonly replacement: string;
}

function overrideOf(type: string, { typeOverrides = {} }: PiiRules) {
  return Object.hasOwn(typeOverrides, type) ? typeOverrides[type] : undefined;
}

/** What the rules ask for a match of this type. */
export function effectiveAction(type: string, rules: PiiRules): PiiAction {
  return overrideOf(type, rules)?.action ?? rules.action;
}

/** Each cluster of overlapping spans becomes one splice over all of it, under the label of its earliest, then longest match. */
function splicesOf(matches: readonly PiiMatch[], rules: PiiRules): Splice[] {
  const splices: Splice[] = [];
  for (const { type, start, end, replacement } of matches.toSorted(byPrecedence)) {
    const last = splices.at(-1);
    if (last !== undefined && start < last.end) {
      last.end = Math.max(last.end, end);
      continue;
    }
    splices.push({
      start,
      end,
      replacement: (overrideOf(type, rules)?.replacement ?? replacement) || "[REDACTED]",
    });
  }
  return splices;
}

/**
 * The text with every span whose action is `redact` replaced by its label. No character of such a span survives, also where
 * spans overlap; every other character is kept.
 *
 * @param matches - As detected, overlapping ones included.
 * @throws PiiRejectedError (`ASTROCYTE_PII_REJECTED`) when the action of any match is `reject`; one entry a match.
 */
export function applyMatches(text: string, matches: readonly PiiMatch[], rules: PiiRules): string {
  const rejected = matches.filter(({ type }) => effectiveAction(type, rules) === "reject");
  if (rejected.length > 0) throw new PiiRejectedError(rejected.map(({ type }) => type));
  const splices = splicesOf(
    matches.filter(({ type }) => effectiveAction(type, rules) === "redact"),
    rules,
  );
  if (splices.length === 0) return text;
  const starts = utf16Starts(text);
  const at = (offset: number) => starts?.[Math.min(offset, starts.length - 1)] ?? offset;
  const parts: string[] = [];
  let copied = 0;
  for (const { start, end, replacement } of splices) {
    parts.push(text.slice(copied, at(start)), replacement);
    copied = at(end);
  }
  parts.push(text.slice(copied));
  return parts.join("");
}
