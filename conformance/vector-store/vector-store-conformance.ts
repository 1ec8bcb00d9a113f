import type { TestRunner } from "../runner.js";
import { registerSuite } from "../suite.js";
import { declarations } from "./declarations.js";
import { deleting } from "./deleting.js";
import { filtering } from "./filtering.js";
import { isolation } from "./isolation.js";
import { listing } from "./listing.js";
import { searching } from "./searching.js";
import { storing } from "./storing.js";
import type { VectorStoreTarget } from "./target.js";
import { traits } from "./traits.js";

/** Registers a test for each statement about vector stores with the given runner. */
export function vectorStoreConformance(target: VectorStoreTarget, runner: TestRunner): void {
  const chapters = [
    declarations,
    storing,
    searching,
    filtering,
    listing,
    deleting,
    isolation,
    traits,
  ];
  registerSuite("vector store", target, chapters, runner);
}
