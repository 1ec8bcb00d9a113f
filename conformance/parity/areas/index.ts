import type { AreaRunner } from "../area-runner.js";
import { lifecycle } from "./lifecycle.js";
import { identityJwt } from "./identity-jwt.js";
import { escalation } from "./escalation.js";
import { accessControl } from "./access-control.js";
import { chunking } from "./chunking.js";
import { createE2ePolicy } from "./e2e-policy.js";
import { dlpOutput } from "./dlp-output.js";
import { fusion } from "./fusion.js";
import { inMemoryStores } from "./in-memory-stores.js";
import { mockProvider } from "./mock-provider.js";
import { spiContract } from "./spi-contract.js";
import { contentValidation } from "./content-validation.js";
import { metadataSanitizer } from "./metadata-sanitizer.js";
import { piiScanner } from "./pii-scanner.js";
import { quota } from "./quota.js";
import { rateLimiter } from "./rate-limiter.js";
import { signalQuality } from "./signal-quality.js";
import { tokens } from "./tokens.js";

/** The areas that are replayed; every other area's cases count as not mapped. */
export const areaRunners: readonly AreaRunner[] = [
  lifecycle,
  identityJwt,
  escalation,
  accessControl,
  chunking,
  createE2ePolicy(),
  dlpOutput,
  fusion,
  inMemoryStores,
  mockProvider,
  spiContract,
  contentValidation,
  metadataSanitizer,
  piiScanner,
  quota,
  rateLimiter,
  signalQuality,
  tokens,
];
