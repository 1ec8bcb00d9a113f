import type { AstrocyteOptions } from "../astrocyte-options.js";
import { systemClock } from "../clock.js";
import { createGovernance, type Governance } from "../governance/governance.js";
import { safeLogger } from "../safe-logger.js";
import { isProvider } from "../spi/guards.js";
import { createInMemoryLegalHoldStore } from "../testing/in-memory-legal-hold-store.js";
import type { Ground } from "./ground.js";

export function governanceOf(
  options: AstrocyteOptions,
  { config, bankConfigs, peers }: Ground,
): Governance {
  const { vectorStore, engine, legalHoldStore, llm, telemetry, entityRecognizer } = options;
  const ownHolds = isProvider(vectorStore, "LegalHoldStore") ? vectorStore : undefined;
  return createGovernance(config, {
    clock: options.clock ?? systemClock,
    logger: safeLogger(options.logger),
    telemetry,
    holds: legalHoldStore ?? ownHolds ?? createInMemoryLegalHoldStore(),
    provider: engine?.name ?? vectorStore?.name ?? "none",
    llm,
    entityRecognizer,
    peers,
    vectorStore: engine === undefined ? vectorStore : undefined,
    bankConfigs,
  });
}
