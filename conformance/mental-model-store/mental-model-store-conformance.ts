import type { TestRunner } from "../runner.js";
import { registerSuite } from "../suite.js";
import { revisions } from "./revisions.js";
import type { MentalModelStoreTarget } from "./target.js";
import { traits } from "./traits.js";
import { updates } from "./updates.js";

/** Registers a test for each statement about stores of mental models with the given runner. */
export function mentalModelStoreConformance(
  target: MentalModelStoreTarget,
  runner: TestRunner,
): void {
  registerSuite("mental model store", target, [revisions, updates, traits], runner);
}
