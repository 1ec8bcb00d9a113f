import type { AreaRunner } from "../area-runner.js";
import { createE2eArea } from "./e2e/area.js";
import type { buildWorld } from "./e2e/world.js";

/** Whole scripts through the facade: what stands in front of the stores. */
export function createE2ePolicy(createWorld?: typeof buildWorld): AreaRunner {
  return createE2eArea("e2e_policy", createWorld);
}
