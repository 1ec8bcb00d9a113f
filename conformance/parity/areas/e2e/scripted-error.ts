import { CapabilityNotSupportedError, ConfigError, ProviderUnavailableError } from "astrocyte";

/** The error that a script lets a provider raise, by its class in the reference. */
export function scriptedError(className: string, provider: string): Error {
  switch (className) {
    case "CapabilityNotSupported":
      return new CapabilityNotSupportedError(provider, "boom");
    case "ConfigError":
      return new ConfigError("boom");
    case "ProviderUnavailable":
      return new ProviderUnavailableError(provider, "boom");
    default: {
      const error = new Error("boom");
      error.name = className;
      return error;
    }
  }
}
