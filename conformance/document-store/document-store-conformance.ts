import type { TestRunner } from "../runner.js";
import { registerSuite } from "../suite.js";
import { contract } from "./contract.js";
import type { DocumentStoreTarget } from "./target.js";
import { traits } from "./traits.js";

/** Registers a test for each statement about document stores with the given runner. */
export function documentStoreConformance(target: DocumentStoreTarget, runner: TestRunner): void {
  registerSuite("document store", target, [contract, traits], runner);
}
