import type { TestRunner } from "../runner.js";
import { registerSuite } from "../suite.js";
import { completing } from "./completing.js";
import { embedding } from "./embedding.js";
import type { LLMProviderTarget } from "./target.js";

/** Registers a test for each statement about LLM providers with the given runner. */
export function llmProviderConformance(target: LLMProviderTarget, runner: TestRunner): void {
  registerSuite("LLM provider", target, [embedding, completing], runner);
}
