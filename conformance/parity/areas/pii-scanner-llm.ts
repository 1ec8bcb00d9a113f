import { piiLabels } from "./pii-labels.js";
import { AstrocyteError, PiiRejectedError } from "astrocyte";
import { parseLlmMatches, PiiBarrier, PiiDetector, type PiiMode } from "astrocyte/policy";
import { createScriptedLLM } from "astrocyte/testing";
import * as z from "zod";
import { Corrected, NotMapped, outcomeOf } from "../area-runner.js";
import { findDifference } from "../find-difference.js";
import type { ParityCase } from "../parity-case.js";

const matchSchema = z.object({
  type: z.string(),
  start: z.int(),
  end: z.int(),
  text: z.string(),
  replacement: z.string(),
});
type Match = z.infer<typeof matchSchema>;

const parseInput = z.object({ response: z.string(), text: z.string() });
const modeInput = z.object({
  action: z.enum(["redact", "reject", "warn"]).default("redact"),
  mode: z.string(),
  llm_response: z.string().nullable(),
  text: z.string(),
});
const noProvider = "(no llm provider given)";
function withUnits(text: string, match: Match): unknown {
  const characters = Array.from(text);
  const unitsBefore = (codePoint: number) => characters.slice(0, codePoint).join("").length;
  return { ...match, start_utf16: unitsBefore(match.start), end_utf16: unitsBefore(match.end) };
}

function itemsOf(response: string): Record<string, unknown>[] {
  const body = response.trim().startsWith("```")
    ? response.trim().split("\n").slice(1, -1).join("\n")
    : response;
  try {
    const parsed: unknown = JSON.parse(body);
    return z.array(z.record(z.string(), z.unknown())).catch([]).parse(parsed);
  } catch {
    return [];
  }
}

/** A type the model was asked for; its own words could be a name. */
function plainType(type: unknown): string {
  const plain = typeof type === "string" ? type.toLowerCase().replaceAll(/[^a-z0-9]+/gu, "_") : "";
  const trimmed = plain.replaceAll(/^_+|_+$/gu, "");
  return Object.hasOwn(piiLabels, trimmed) ? trimmed : "unknown";
}

/** Where the items of a reply stand, worked out with code points alone: given offsets when they hold, else the first free place. */
function located(response: string, text: string): Match[] {
  const characters = Array.from(text);
  const taken = new Set<string>();
  const matches: Match[] = [];
  for (const { type: given, text: value, start, end } of itemsOf(response)) {
    if (typeof value !== "string" || value === "") continue;
    const { length } = Array.from(value);
    const holds = (from: number) =>
      from >= 0 && characters.slice(from, from + length).join("") === value;
    const from =
      Number(end) - Number(start) === length && holds(Number(start))
        ? Number(start)
        : characters.findIndex((_, at) => holds(at) && !taken.has(`${at}:${length}`));
    if (from === -1) continue;
    taken.add(`${from}:${length}`);
    const type = plainType(given);
    const replacement = `[${piiLabels[type] ?? "UNKNOWN"}_REDACTED]`;
    matches.push({ type, start: from, end: from + length, text: value, replacement });
  }
  return matches;
}

/** Items that the reference trusts, or falls over, where the library looks at the text itself. */
function isLoose(item: Record<string, unknown>, text: string): boolean {
  const { type, text: value, start, end } = item;
  const offsets = [start, end].filter((offset) => offset !== undefined);
  const isOutside = (offset: unknown) =>
    !/^\d+$/u.test(String(offset)) || Number(offset) > Array.from(text).length;
  return (
    offsets.some(isOutside) ||
    value === "" ||
    (value !== undefined && typeof value !== "string") ||
    (type !== undefined && plainType(type) !== type)
  );
}

/** Names that begin alike, of which the reference takes only one at each place. */
function beginsLikeAnother({ text: value }: Record<string, unknown>, texts: unknown[]): boolean {
  return texts.some(
    (other) =>
      typeof value === "string" &&
      typeof other === "string" &&
      other !== value &&
      other.startsWith(value),
  );
}

async function runParse({ input, expected }: ParityCase): Promise<unknown> {
  const { response, text } = parseInput.parse(input);
  const show = (match: Match) => withUnits(text, match);
  const actual = await outcomeOf(() => parseLlmMatches(response, text).map(show));
  const items = itemsOf(response);
  const texts = items.map((item) => item["text"]);
  const due = { result: located(response, text).map(show) };
  const isMeant =
    items.some((item) => isLoose(item, text) || beginsLikeAnother(item, texts)) &&
    findDifference(due, expected) !== undefined;
  return isMeant
    ? new Corrected(actual, due, "D-38: one unusable entry does not void or misplace the list")
    : actual;
}

/** The merge-first rewriting of a text. */
function redacted(text: string, matches: readonly Match[]): string {
  const characters = Array.from(text);
  const sorted = matches.toSorted(
    (left, right) => right.start - left.start || left.end - right.end,
  );
  for (const { start, end, replacement } of sorted) {
    characters.splice(start, end - start, replacement);
  }
  return characters.join("");
}

function emails(text: string): Match[] {
  return [...text.matchAll(/[\w.]+@[\w.]+\w/gu)].map(({ 0: found, index }) => ({
    type: "email",
    start: Array.from(text.slice(0, index)).length,
    end: Array.from(text.slice(0, index)).length + Array.from(found).length,
    text: found,
    replacement: "[EMAIL_REDACTED]",
  }));
}

const modeReason = "D-37, D-38: rules and model both look, and a failed model leaves the rules";

/** What is due where the reference looks at less, or undefined. */
function correctedMode(
  { action, mode, llm_response: response, text }: z.infer<typeof modeInput>,
  recorded: unknown,
): unknown {
  if (mode === "disabled") return undefined;
  if (response === noProvider) return { error: { class: "ConfigError" } };
  const isUsable = response !== null && /^\s*(?:```|\[)/u.test(response);
  const calls = z.object({ llm_calls: z.int(), matches: z.array(matchSchema) }).parse(recorded);
  let matches: Match[];
  const isOfOtherTypes = itemsOf(response ?? "").some(({ type }) => plainType(type) !== type);
  if (mode === "llm" && !isUsable) matches = emails(text);
  else if (mode === "llm" && isOfOtherTypes) matches = located(response ?? "", text);
  else if (mode === "rules_then_llm" && calls.llm_calls === 0) {
    matches = [...calls.matches, ...located(response ?? "", text)];
  } else return undefined;
  const result = { llm_calls: 1, matches: matches.map((match) => withUnits(text, match)) };
  if (action === "reject" && matches.length > 0) {
    return {
      ...result,
      error: { class: "PiiRejected" },
      pii_types: matches.map(({ type }) => type),
    };
  }
  return { ...result, text: action === "redact" ? redacted(text, matches) : text };
}

const modes: readonly PiiMode[] = ["disabled", "regex", "ner", "llm", "rules_then_llm"];

async function runMode({ input, expected }: ParityCase): Promise<unknown> {
  const parsed = modeInput.parse(input);
  const { action, mode: word, llm_response: response, text } = parsed;
  const mode = modes.find((candidate) => candidate === word);
  if (mode === undefined) return new NotMapped(`no mode ${word}`);
  const scripted = () => createScriptedLLM({ responses: [response ?? new Error("down")] });
  const llm = response === noProvider ? undefined : scripted();
  const barrierWith = (model: typeof llm) =>
    new PiiBarrier({
      mode,
      action,
      detector: new PiiDetector(),
      llm: model,
      llmFailure: "warn",
      logger: { warn: () => undefined },
    });
  const run = async () => {
    const barrier = barrierWith(llm);
    const matches = await barrierWith(llm && scripted()).scan(text);
    const outcome = await outcomeOf(() => barrier.inspect({ content: text }));
    const common = {
      llm_calls: llm?.calls.length ?? 0,
      matches: matches.map((match) => withUnits(text, match)),
    };
    if ("result" in outcome) {
      return { ...common, text: z.object({ content: z.string() }).parse(outcome.result).content };
    }
    const { error } = outcome;
    return {
      ...common,
      error,
      pii_types: error instanceof PiiRejectedError ? error.piiTypes : undefined,
    };
  };
  const actual = await run().catch((error: unknown) => {
    if (!AstrocyteError.isInstance(error)) throw error;
    return { error };
  });
  const due = correctedMode(parsed, expected);
  return due === undefined ? actual : new Corrected(actual, due, modeReason);
}

/** The cases of the PII scanner in which a model answers: what its reply means, and when it is asked. */
export function runLlmCase(parityCase: ParityCase): unknown {
  switch (parityCase.category) {
    case "llm_parse":
      return runParse(parityCase);
    case "llm_mode":
      return runMode(parityCase);
    default:
      return new NotMapped(`no counterpart of ${parityCase.category}`);
  }
}
