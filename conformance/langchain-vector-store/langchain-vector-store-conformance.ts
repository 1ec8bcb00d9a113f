import type { TestRunner } from "../runner.js";
import { registerSuite } from "../suite.js";
import { deleting } from "./deleting.js";
import { searching } from "./searching.js";
import { storing } from "./storing.js";
import type { LangChainVectorStoreTarget } from "./target.js";

/**
 * Registers a test for each statement about LangChain's `VectorStore` with the given runner. The store's embeddings must
 * give texts that share words more similar vectors, as the hashed ones of `astrocyte/testing` do.
 */
export function langChainVectorStoreConformance(
  target: LangChainVectorStoreTarget,
  runner: TestRunner,
): void {
  registerSuite("LangChain VectorStore", target, [storing, searching, deleting], runner);
}
