import type { AreaRunner } from "../area-runner.js";
import { createE2eArea } from "./e2e/area.js";
import type { buildWorld } from "./e2e/world.js";

/** Whole scripts through the facade: engines, and several banks at once. */
export function createE2eBackends(createWorld?: typeof buildWorld): AreaRunner {
  return createE2eArea("e2e_backends", createWorld);
}
