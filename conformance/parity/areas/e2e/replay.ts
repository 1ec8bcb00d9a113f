import { outcomeOf } from "../../area-runner.js";
import { toRecordedError } from "./recorded-error.js";
import { secondsBefore } from "./scenario-clock.js";
import type { Row, Scenario, Step } from "./scenario.js";
import { isReading, readStep } from "./steps.js";
import type { World } from "./world.js";

/** A memory as it lay in its bank before a step. */
export interface StoredMemory {
  readonly label: string;
  readonly text: string;
}

export interface ReplayedStep {
  readonly step: Step;
  readonly recorded: Row;
  /** Undefined for a step that has no counterpart and could be left out. */
  readonly actual: Row | undefined;
  /** Of the step's bank, oldest first. */
  readonly before: readonly StoredMemory[];
}

/** A scenario stops where a step that has no counterpart changes what later steps see. */
export interface Replay {
  readonly steps: readonly ReplayedStep[];
  /** What has no counterpart; empty when everything has one. */
  readonly leftOut: readonly string[];
}

async function memoriesBefore(world: World, step: Step): Promise<StoredMemory[]> {
  const { bank_id: bankId } = step;
  if (typeof bankId !== "string") return [];
  const items = await world.listMemories(bankId);
  return items.map(({ id, text }) => ({ label: world.labels.labelOf(id), text }));
}

async function rowOf(world: World, run: () => Promise<unknown>, isRecordingEvents: boolean) {
  const outcome = await outcomeOf(run);
  const calls = world.model.takeCalls();
  const row: Row =
    "error" in outcome
      ? { result: undefined, error: toRecordedError(outcome.error) }
      : { result: outcome.result };
  if (isRecordingEvents) row.events = world.events.splice(0);
  if (Object.keys(calls).length > 0) row.llm_calls = calls;
  return row;
}

function describe({ op, banks }: Step): string {
  return op === "recall" || op === "reflect"
    ? `${op} ${banks === undefined ? "of banks that are looked up, or with stages that are missing" : "over several banks"}`
    : op;
}

/** Whether limits are configured, which every call counts against. */
function hasLimits({ setup }: Scenario): boolean {
  const { homeostasis } = setup.config;
  return (
    typeof homeostasis === "object" &&
    homeostasis !== null &&
    ("rate_limits" in homeostasis || "quotas" in homeostasis)
  );
}

/**
 * Runs the steps of a scenario.
 *
 * @param recorded - What the recording has for each step.
 * @throws ConfigError for a configuration that this library refuses.
 */
export async function replay(
  scenario: Scenario,
  recorded: readonly Row[],
  createWorld: (setup: Scenario["setup"]) => Promise<World>,
): Promise<Replay> {
  const world = await createWorld(scenario.setup);
  const steps: ReplayedStep[] = [];
  const leftOut: string[] = [];
  for (const [index, step] of scenario.steps.entries()) {
    const row = recorded[index] ?? { result: undefined };
    world.clock.advance(secondsBefore(step, index) * 1000);
    const run = readStep(step);
    if (run === undefined) {
      leftOut.push(describe(step));
      const isHarmless = row.error !== undefined || (isReading(step) && !hasLimits(scenario));
      if (!isHarmless) return { steps, leftOut };
    }
    const before = await memoriesBefore(world, step);
    const actual =
      run === undefined
        ? undefined
        : await rowOf(world, () => run(world), scenario.setup.hooks !== undefined);
    steps.push({ step, recorded: row, actual, before });
  }
  return { steps, leftOut };
}
