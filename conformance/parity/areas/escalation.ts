import { recallResultSchema, toWire } from "astrocyte";
import {
  degradedRecall,
  degradedReflect,
  degradedRetain,
  type DegradedMode,
} from "astrocyte/policy";
import * as z from "zod";
import { Corrected, NotMapped, outcomeOf, Projection, type AreaRunner } from "../area-runner.js";
import { breakerScriptSchema, isUsableConfig } from "./escalation/breaker-script.js";
import { expectRows } from "./escalation/expect-rows.js";
import { replayBreaker } from "./escalation/replay-breaker.js";

const recordedRows = z.object({
  steps: z.array(z.looseObject({ state: z.string(), half_open_calls: z.int() })),
});

async function runBreaker(input: unknown, expected: unknown): Promise<unknown> {
  const script = breakerScriptSchema.parse(input);
  if (!isUsableConfig(script)) {
    return new Corrected(
      await outcomeOf(() => replayBreaker(script)),
      { error: { class: "ConfigError" } },
      "B10: a threshold, a time or a number of trial calls that can never work is refused",
    );
  }
  const actual = replayBreaker(script);
  const { rows, reasons } = expectRows(script);
  if (reasons.size > 0) return new Corrected(actual, rows, [...reasons].join("; "));
  const recorded = recordedRows
    .parse(expected)
    .steps.map(({ half_open_calls: calls, ...row }) =>
      row.state === "open" ? row : { ...row, half_open_calls: calls },
    );
  return new Projection(actual, recorded);
}

/** Any text, since the reference takes any. */
const modeSchema = z.custom<DegradedMode>((value) => typeof value === "string");
const degradedInput = z.object({ mode: modeSchema, op: z.string(), provider: z.string() });
const knownModes: readonly string[] = ["empty_recall", "error", "cache"];

async function runDegraded(input: unknown, expected: unknown): Promise<unknown> {
  const { mode, op, provider } = degradedInput.parse(input);
  const outcome = await outcomeOf(() => {
    if (op === "retain") return degradedRetain(mode, provider);
    if (op === "reflect") return degradedReflect(mode, provider);
    return toWire(recallResultSchema, degradedRecall(mode, provider));
  });
  if (!knownModes.includes(mode)) {
    return new Corrected(
      outcome,
      { error: { class: "ConfigError" } },
      "03: an unknown degraded mode is refused",
    );
  }
  // The reference's handler gives None for a retain, of which its facade makes this.
  if (op === "retain" && "result" in outcome) {
    const refused = { stored: false, deduplicated: false, curated: false };
    return new Projection(outcome, {
      result: { ...refused, error: "Provider unavailable (degraded mode)" },
    });
  }
  return new Projection(outcome, expected);
}

/** The circuit breaker, and what operations give while it is open. */
export const escalation: AreaRunner = {
  area: "escalation",
  run: ({ category, input, expected }) => {
    if (category === "breaker" || category === "breaker_random") return runBreaker(input, expected);
    return category === "degraded"
      ? runDegraded(input, expected)
      : new NotMapped(`no counterpart of ${category}`);
  },
};
