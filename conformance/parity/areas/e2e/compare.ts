import { Corrected, Projection } from "../../area-runner.js";
import { findDifference } from "../../find-difference.js";
import type { Replay } from "./replay.js";
import { accessDue } from "./rules/access.js";
import { comparableRow } from "./rules/comparable.js";
import { endingOf, endingsDue } from "./rules/outages.js";
import type { Rule } from "./rules/rule.js";
import type { Row, Scenario } from "./scenario.js";

function isDenied(row: Row | undefined): boolean {
  return row?.error?.class === "AccessDenied";
}

/** Who is let in, where that differs from the reference; the rest of such a script is about other memories. */
function compareAccess(scenario: Scenario, { steps }: Replay): Corrected | undefined {
  const due = accessDue(scenario, steps);
  const differs = steps.some(
    ({ recorded }, index) => due[index] !== undefined && isDenied(recorded) === due[index],
  );
  if (!differs) return undefined;
  const allowed = steps.map(({ actual }, index) =>
    due[index] === undefined ? undefined : !isDenied(actual),
  );
  return new Corrected(
    allowed,
    due,
    "D-45, D-47, D-48: open covers reading and writing, * is all four, holds need admin",
  );
}

/** How steps end when providers fail, where that differs from the reference. */
function compareEndings(scenario: Scenario, { steps }: Replay): Corrected | undefined {
  const { backend, stores, pipeline } = scenario.setup;
  // With another strategy beside it, a failing search would not fail the recall.
  const isSearchAlone = stores.length === 0 && pipeline?.["enable_temporal_retrieval"] === false;
  const isFailing = steps.some(({ step }) => step.op === "fail");
  if (backend !== "pipeline" || !isSearchAlone || !isFailing) return undefined;
  const due = endingsDue(scenario, steps);
  const ended = (which: "recorded" | "actual") =>
    steps.map((replayed, index) => {
      const row = replayed[which];
      return due[index] === undefined || row === undefined ? undefined : endingOf(replayed, row);
    });
  return findDifference(ended("recorded"), due) === undefined
    ? undefined
    : new Corrected(
        ended("actual"),
        due,
        "04 section 7: each provider has a circuit, and its outages count; a recall whose every strategy fails is an error",
      );
}

/** Both sides of a replayed scenario, with every intended difference worked into what is due. */
export function compareReplay(
  scenario: Scenario,
  replay: Replay,
  rules: readonly Rule[],
): Corrected | Projection {
  const whole = compareAccess(scenario, replay) ?? compareEndings(scenario, replay);
  if (whole !== undefined) return whole;
  const reasons = new Set<string>();
  const [actual, expected]: [(Row | undefined)[], (Row | undefined)[]] = [[], []];
  for (const [index, replayed] of replay.steps.entries()) {
    if (replayed.actual === undefined) continue;
    const { steps } = replay;
    let pair = {
      actual: comparableRow(replayed.actual),
      expected: comparableRow(replayed.recorded),
    };
    for (const rule of rules) {
      const changed = rule({ scenario, steps, replayed, index }, pair);
      if (changed === undefined) continue;
      if (
        changed.reason !== undefined &&
        findDifference(changed.expected, pair.expected) !== undefined
      ) {
        reasons.add(changed.reason);
      }
      pair = { actual: changed.actual, expected: changed.expected };
    }
    actual[index] = pair.actual;
    expected[index] = pair.expected;
  }
  return reasons.size === 0
    ? new Projection({ steps: actual }, { steps: expected })
    : new Corrected({ steps: actual }, { steps: expected }, [...reasons].join("; "));
}
