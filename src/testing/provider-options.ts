import type { ProviderContext } from "../spi/registry.js";
import { ConfigError } from "../errors.js";

/** A `<kind>_config` section as it comes from the configuration document. */
export type ProviderConfig = Readonly<Record<string, unknown>>;

/** The host's part, all of it optional; `createId` makes the ids of what a provider creates itself. */
export type TestingContext = Partial<ProviderContext> & {
  readonly createId?: (() => string) | undefined;
};

/** @throws ConfigError that names every key which the provider does not know. */
export function refuseUnknownKeys(
  subject: string,
  config: ProviderConfig,
  known: readonly string[],
): void {
  const unknown = Object.keys(config).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  throw new ConfigError(
    `${subject}: unknown option ${unknown.join(", ")}; ` +
      (known.length === 0 ? "it takes none" : `known: ${known.join(", ")}`),
  );
}
