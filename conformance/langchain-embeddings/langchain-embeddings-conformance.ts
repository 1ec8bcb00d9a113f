import type { TestRunner } from "../runner.js";
import { registerSuite } from "../suite.js";
import { embedding } from "./embedding.js";
import type { LangChainEmbeddingsTarget } from "./target.js";

/** Registers a test for each statement about LangChain's `Embeddings` with the given runner. */
export function langChainEmbeddingsConformance(
  target: LangChainEmbeddingsTarget,
  runner: TestRunner,
): void {
  registerSuite("LangChain Embeddings", target, [embedding], runner);
}
