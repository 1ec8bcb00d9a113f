import type { AstrocyteOptions } from "../astrocyte-options.js";
import { bankProfileName, bankSettings } from "../config/bank-document.js";
import { reportIgnored } from "../config/ignored-settings.js";
import { bankIdsOf, parseBankConfigs, parseConfig } from "../config/parse-config.js";
import { unenforced } from "../config/protections.js";
import type { AstrocyteConfig } from "../config/schema.js";
import { ConfigError } from "../errors.js";
import { noPeers, type PolicyPeers } from "../governance/policy-peers.js";
import { safeLogger } from "../safe-logger.js";

/** What stands behind a brain besides its parts; {@link Astrocyte.fromConfig} has read and loaded more of it. */
export interface Ground {
  readonly config: AstrocyteConfig;
  readonly bankConfigs: ReadonlyMap<string, AstrocyteConfig>;
  readonly peers: PolicyPeers;
}

/** @throws ConfigError for settings on which this version does not act and that someone relies on. */
export function assertEnforced(config: AstrocyteConfig, label: string): void {
  const paths = unenforced(config);
  if (paths.length === 0) return;
  throw new ConfigError(
    `${label}: ${paths.join(", ")}: this version does not enforce it yet; leave it out, or wait for one that does`,
  );
}

/** @throws ConfigError for settings that are wrong, and for profiles, which have to be read from files. */
export function groundOf(options: AstrocyteOptions): Ground {
  const { config = {} } = options;
  const profiles = [
    ...["profile", "compliance_profile"].filter((name) => Object.hasOwn(config, name)),
    ...bankIdsOf(config)
      .filter((bankId) => bankProfileName(bankSettings(config, bankId)) !== undefined)
      .map((bankId) => `banks.${bankId}.profile`),
  ];
  if (profiles.length > 0) {
    throw new ConfigError(
      `config: ${profiles.join(", ")} is read by Astrocyte.fromConfig only; use that, or leave it out`,
    );
  }
  const parsed = parseConfig(config, "config");
  assertEnforced(parsed, "config");
  reportIgnored(config, parsed, safeLogger(options.logger));
  return {
    config: parsed,
    bankConfigs: parseBankConfigs(config, "config"),
    peers: noPeers,
  };
}
