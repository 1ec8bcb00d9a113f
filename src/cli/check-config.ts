import { isDeepStrictEqual } from "node:util";
import { systemClock } from "../clock.js";
import { assertTier, providerSettings } from "../config/build-providers.js";
import { writtenGrantsOf } from "../config/grants-of.js";
import { unenforced } from "../config/protections.js";
import type { LoadedConfig } from "../config/read-config.js";
import type { AstrocyteConfig } from "../config/schema.js";
import { AstrocyteError } from "../errors.js";
import { createBankPolicy } from "../governance/bank-policy.js";
import { accessPolicyOf } from "../governance/governance.js";
import { loadPolicyPeers, type PolicyPeers } from "../governance/policy-peers.js";
import { recallSettingsOf } from "../settings/recall-settings-of.js";
import { ProviderRegistry, providerKinds, type ProviderKind } from "../spi/registry.js";
import { createMockLLM } from "../testing/mock-llm.js";
import { silentLogger } from "./print-warnings.js";

/** What a program passes as an object, or registers under a name of its own. */
export const providable = [...providerKinds, "entity_recognizer"] as const;
export type Providable = (typeof providable)[number];

type Provided = ReadonlySet<Providable>;

/** What is wrong with what a function makes; errors that are no one's mistake are thrown. */
async function problemsOf(make: () => unknown): Promise<string[]> {
  try {
    await make();
    return [];
  } catch (error) {
    if (AstrocyteError.isInstance(error)) return [error.message];
    throw error;
  }
}

async function providerProblems(config: AstrocyteConfig, provided: Provided): Promise<string[]> {
  const registry = new ProviderRegistry();
  const problems: string[] = [];
  const nameOf = (kind: ProviderKind) => (provided.has(kind) ? "provided" : config[kind]);
  problems.push(
    ...(await problemsOf(() => assertTier(config, nameOf("vector_store"), nameOf("provider")))),
  );
  for (const kind of providerKinds) {
    const name = config[kind];
    if (name === undefined || provided.has(kind)) continue;
    const settings = providerSettings(config, kind);
    const own = await problemsOf(() => registry.rehearse(kind, name, settings, systemClock));
    problems.push(...own.map((text) => (text.startsWith(`${kind}:`) ? text : `${kind}: ${text}`)));
  }
  return problems;
}

type Pii = AstrocyteConfig["barriers"]["pii"];

function withPii(config: AstrocyteConfig, pii: Partial<Pii>): AstrocyteConfig {
  const { barriers } = config;
  return { ...config, barriers: { ...barriers, pii: { ...barriers.pii, ...pii } } };
}

/** One configuration for each thing that may be wrong, so that one mistake hides no other. */
function piiVariants(pii: Pii): (readonly [path: string, value: string, variant: Partial<Pii>])[] {
  const byRules = { ...pii, mode: "regex" } as const;
  const empty = { countries: [], phone_regions: [], patterns: [] };
  return [
    ["", "", { ...pii, ...empty }],
    ...pii.countries.map((country, index) => {
      const variant = { ...byRules, ...empty, countries: [country] };
      return [`barriers.pii.countries[${index}]: `, country, variant] as const;
    }),
    ...pii.phone_regions.map((region, index) => {
      const variant = { ...byRules, ...empty, phone_regions: [region] };
      return [`barriers.pii.phone_regions[${index}]: `, region, variant] as const;
    }),
    ...pii.patterns.map((pattern, index) => {
      const variant = { ...byRules, ...empty, patterns: [pattern] };
      return [`barriers.pii.patterns[${index}]: `, pattern.name ?? "", variant] as const;
    }),
  ];
}

async function policyProblems(
  loaded: LoadedConfig,
  config: AstrocyteConfig,
  peers: PolicyPeers,
  provided: Provided,
): Promise<string[]> {
  const hasModel = config.llm_provider !== undefined || provided.has("llm_provider");
  const parts = {
    clock: systemClock,
    logger: silentLogger,
    llm: hasModel ? createMockLLM() : undefined,
    entityRecognizer: provided.has("entity_recognizer") ? () => [] : undefined,
    peers,
  };
  const problems: string[] = [];
  for (const [path, value, variant] of piiVariants(config.barriers.pii)) {
    const own = await problemsOf(() => createBankPolicy(withPii(config, variant), parts));
    const concealed = own.map((text) => loaded.environmentValues.conceal(text, value));
    problems.push(...concealed.map((text) => `${path}${text}`));
  }
  return problems;
}

async function bankPolicyProblems(loaded: LoadedConfig, provided: Provided): Promise<string[]> {
  const { config, bankConfigs } = loaded;
  const peers: PolicyPeers[] = [];
  const missing = await problemsOf(async () =>
    peers.push(await loadPolicyPeers(config, [...bankConfigs.values()])),
  );
  const [loadedPeers] = peers;
  if (loadedPeers === undefined) return missing;
  const problems = await policyProblems(loaded, config, loadedPeers, provided);
  for (const [bankId, bankConfig] of bankConfigs) {
    if (isDeepStrictEqual(bankConfig.barriers, config.barriers)) continue;
    const own = await policyProblems(loaded, bankConfig, loadedPeers, provided);
    const further = own.filter((text) => !problems.includes(text));
    problems.push(...further.map((text) => `banks.${bankId}: ${text}`));
  }
  return problems;
}

async function grantProblems({ config, environmentValues }: LoadedConfig): Promise<string[]> {
  const problems: string[] = [];
  const { allow_principal_prefixes: allowsPrefixes } = config.access_control;
  for (const { path, grant } of writtenGrantsOf(config)) {
    if (grant.principal.endsWith(":*") && !allowsPrefixes) {
      problems.push(
        `${path}: a principal that ends in :* is nobody; set access_control.allow_principal_prefixes: true, or name principals in full`,
      );
    }
    // One half of the grant at a time, so that neither hides the other.
    const own = [
      ...(await problemsOf(() => accessPolicyOf(config, [{ ...grant, principal: "*" }]))),
      ...(await problemsOf(() => accessPolicyOf(config, [{ ...grant, bankId: "*" }]))),
    ];
    for (const text of new Set(own)) {
      const reason = text.replace(/^access grants\[0\]: /, "");
      const concealed = [grant.bankId, grant.principal].reduce(
        (message, value) => environmentValues.conceal(message, value),
        reason,
      );
      problems.push(`${path}: ${concealed}`);
    }
  }
  return problems;
}

/**
 * What would keep a brain from being built of a configuration, as far as that shows without opening a file or a connection of a
 * provider. Optional packages are loaded; a missing one is a problem.
 *
 * @param provided - What the program passes or registers itself, and is taken to be right.
 */
export async function configProblems(loaded: LoadedConfig, provided: Provided): Promise<string[]> {
  const { config } = loaded;
  return [
    ...unenforced(config).map(
      (path) => `${path}: this version does not enforce it, and builds no brain with it; remove it`,
    ),
    ...(await providerProblems(config, provided)),
    ...(await bankPolicyProblems(loaded, provided)),
    ...(await grantProblems(loaded)),
    ...(await problemsOf(() => recallSettingsOf(config))),
  ];
}
