import type { TestRunner } from "../runner.js";
import { registerSuite } from "../suite.js";
import { documents } from "./fixtures.js";
import { retrieving } from "./retrieving.js";
import { running } from "./running.js";
import type { LangChainRetrieverTarget, LoadedRetrieverTarget } from "./target.js";

/** Registers a test for each statement about LangChain's `BaseRetriever` with the given runner. */
export function langChainRetrieverConformance(
  target: LangChainRetrieverTarget,
  runner: TestRunner,
): void {
  const loaded: LoadedRetrieverTarget = {
    ...target,
    create: () => target.create(structuredClone(documents)),
  };
  registerSuite("LangChain BaseRetriever", loaded, [retrieving, running], runner);
}
