import type { TestRunner } from "../runner.js";
import { registerSuite } from "../suite.js";
import { forgetting } from "./forgetting.js";
import { remembering } from "./remembering.js";
import type { EngineProviderTarget } from "./target.js";
import { traits } from "./traits.js";

/** Registers a test for each statement about memory engines with the given runner. */
export function engineProviderConformance(target: EngineProviderTarget, runner: TestRunner): void {
  registerSuite("engine provider", target, [remembering, forgetting, traits], runner);
}
