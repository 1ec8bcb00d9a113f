import { FakeClock } from "astrocyte/testing";
import * as z from "zod";
import type { Step } from "./scenario.js";

const daySeconds = 86_400;
const stepSeconds = 60;
const advanceSchema = z.object({
  days: z.number().default(0),
  seconds: z.number().default(0),
});

/** By how much the clock moves before a step does its work. */
export function secondsBefore(step: Step, index: number): number {
  if (step.op === "advance") {
    const { days, seconds } = advanceSchema.parse(step);
    return days * daySeconds + seconds;
  }
  return index === 0 || step.same_time ? 0 : stepSeconds;
}

/** The recording's frozen clock. */
export function createScenarioClock(): FakeClock {
  return new FakeClock("2025-01-15T12:00:00Z");
}
