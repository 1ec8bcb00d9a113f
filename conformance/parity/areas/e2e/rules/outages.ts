import * as z from "zod";
import type { ReplayedStep } from "../replay.js";
import { secondsBefore } from "../scenario-clock.js";
import type { Row, Scenario, Step } from "../scenario.js";
import { settingOf } from "./settings.js";
import type { Rule } from "./rule.js";

/** How a step ended, as far as outages go. */
type Ending = "done" | "failed" | "degraded";

/** The calls of an operation, in their order; each part before the colon is a provider with a circuit of its own. */
function callsOf({ op }: Step, isBankEmpty: boolean): string[] {
  if (op === "retain") return ["llm:llm.embed", "vector:vector.store_vectors"];
  const search = ["llm:llm.embed", "vector:vector.search_similar"];
  if (op === "recall") return search;
  return op === "reflect" ? [...search, ...(isBankEmpty ? [] : ["llm:llm.complete"])] : [];
}

interface Circuit {
  failures: number;
  openedAt: number | undefined;
}

function numberOf(scenario: Scenario, path: string, usual: number): number {
  const value = settingOf(scenario, path);
  return typeof value === "number" ? value : usual;
}

const failedSchema = z.object({ target: z.string(), error: z.string().optional() });
const refusals = ["AccessDenied", "ConfigError", "PiiRejected", "RateLimited"];
/** What blames the caller or the configuration, and not the provider. */
const uncounted = ["CapabilityNotSupported", "ConfigError"];
const scriptedMessage = "boom";
const unanswered = /^(?:Content |Too many tags)/;

function errorIn({ result }: Row): string {
  const parsed = z.object({ error: z.string() }).safeParse(result);
  return parsed.success ? parsed.data.error : "";
}

/** Whether a step was refused before any provider was called. */
function isRefused({ recorded }: ReplayedStep): boolean {
  const { class: className = "", message } = recorded.error ?? {};
  const isRefusal = refusals.includes(className) && message !== scriptedMessage;
  return isRefusal || unanswered.test(errorIn(recorded));
}

/** How a row ended; a recall that found nothing without having looked has no trace. */
export function endingOf({ step }: ReplayedStep, row: Row): Ending {
  if (row.error?.class === "ProviderUnavailable") return "degraded";
  if (row.error !== undefined) return "failed";
  if (errorIn(row) === "Provider unavailable (degraded mode)") return "degraded";
  const parsed = z
    .object({
      answer: z.string().optional(),
      trace: z.unknown().optional(),
      hits: z.array(z.unknown()).optional(),
    })
    .safeParse(row.result);
  if (!parsed.success) return "done";
  const { answer, trace, hits } = parsed.data;
  if (answer === "Memory unavailable") return "degraded";
  return step.op === "recall" && hits?.length === 0 && (trace ?? undefined) === undefined
    ? "degraded"
    : "done";
}

/**
 * The endings under a circuit for every provider, in which every failure of a provider counts, also one that says that it is
 * unavailable. Undefined for steps that call no provider.
 */
export function endingsDue(
  scenario: Scenario,
  steps: readonly ReplayedStep[],
): (Ending | undefined)[] {
  const breaker = "escalation.circuit_breaker";
  const threshold = numberOf(scenario, `${breaker}.failure_threshold`, 5);
  const recovery = numberOf(scenario, `${breaker}.recovery_timeout_seconds`, 30);
  const circuits = new Map<string, Circuit>();
  const faults = new Map<string, string>();
  let now = 0;
  return steps.map((replayed, index): Ending | undefined => {
    const { step, before } = replayed;
    now += secondsBefore(step, index);
    const change = failedSchema.safeParse(step);
    if (step.op === "fail" && change.success) {
      faults.set(change.data.target, change.data.error ?? "");
    }
    if (step.op === "repair" && change.success) faults.delete(change.data.target);
    const calls = callsOf(step, before.length === 0);
    if (calls.length === 0 || isRefused(replayed)) return undefined;
    const answered: Circuit[] = [];
    let ending: Ending = "done";
    for (const call of calls) {
      const [provider = "", target = ""] = call.split(":");
      const circuit = circuits.get(provider) ?? { failures: 0, openedAt: undefined };
      circuits.set(provider, circuit);
      const { openedAt } = circuit;
      if (openedAt !== undefined && now < openedAt + recovery) {
        ending = "degraded";
        break;
      }
      const fault = faults.get(target);
      if (fault === undefined) {
        answered.push(circuit);
        continue;
      }
      if (answered.includes(circuit)) answered.splice(answered.indexOf(circuit), 1);
      ending = fault === "ProviderUnavailable" ? "degraded" : "failed";
      if (uncounted.includes(fault)) break;
      circuit.failures += 1;
      if (openedAt !== undefined || circuit.failures >= threshold) circuit.openedAt = now;
      break;
    }
    for (const circuit of answered) Object.assign(circuit, { failures: 0, openedAt: undefined });
    return ending;
  });
}

/** In degraded mode `error`, a reflect rejects as the others do; and what is out has its own name. */
export const degradedError: Rule = ({ scenario, steps, replayed, index }, { actual, expected }) => {
  const { step, recorded } = replayed;
  if (settingOf(scenario, "escalation.degraded_mode") !== "error") return undefined;
  if (endingOf(replayed, recorded) !== "degraded") return undefined;
  const failed = steps.slice(0, index).findLast(({ step: { op } }) => op === "fail");
  const [kind = ""] = String(failed?.step["target"]).split(".");
  // What a script raises is named after the kind of provider, an open circuit after the provider.
  const names = [kind, kind === "llm" ? "mock" : "in_memory"];
  const isNamed = names.some(
    (name) => actual.error?.message === `Provider '${name}' unavailable: degraded mode: error`,
  );
  const message = isNamed ? actual.error?.message : `one of ${names.join(", ")} is unavailable`;
  return {
    actual,
    expected: {
      ...expected,
      result: undefined,
      error: { class: "ProviderUnavailable", message },
    },
    reason:
      step.op === "reflect"
        ? "D-44: mode error rejects a reflect as well"
        : "04 section 7: the provider is named that is there, not the pipeline",
  };
};
