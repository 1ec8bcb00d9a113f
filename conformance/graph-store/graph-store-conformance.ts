import type { TestRunner } from "../runner.js";
import { registerSuite } from "../suite.js";
import { entities } from "./entities.js";
import { memories } from "./memories.js";
import type { GraphStoreTarget } from "./target.js";
import { traits } from "./traits.js";

/** Registers a test for each statement about graph stores with the given runner. */
export function graphStoreConformance(target: GraphStoreTarget, runner: TestRunner): void {
  registerSuite("graph store", target, [entities, memories, traits], runner);
}
