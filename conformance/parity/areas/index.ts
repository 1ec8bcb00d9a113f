import type { AreaRunner } from "../area-runner.js";
import { chunking } from "./chunking.js";
import { fusion } from "./fusion.js";
import { inMemoryStores } from "./in-memory-stores.js";
import { mockProvider } from "./mock-provider.js";
import { spiContract } from "./spi-contract.js";
import { tokens } from "./tokens.js";

/** The areas that are replayed; every other area's cases count as not mapped. */
export const areaRunners: readonly AreaRunner[] = [
  chunking,
  fusion,
  inMemoryStores,
  mockProvider,
  spiContract,
  tokens,
];
