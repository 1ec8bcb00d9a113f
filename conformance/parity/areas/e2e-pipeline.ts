import type { AreaRunner } from "../area-runner.js";
import { createE2eArea } from "./e2e/area.js";
import type { buildWorld } from "./e2e/world.js";

/** Whole scripts through the facade: what the pipeline stores, finds, answers and forgets. */
export function createE2ePipeline(createWorld?: typeof buildWorld): AreaRunner {
  return createE2eArea("e2e_pipeline", createWorld);
}
