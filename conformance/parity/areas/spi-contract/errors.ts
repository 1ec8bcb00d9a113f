import {
  AccessDeniedError,
  AstrocyteError,
  AuthorizationError,
  CapabilityNotSupportedError,
  ConfigError,
  CrossBorderViolationError,
  IngestError,
  LegalHoldActiveError,
  MipRoutingError,
  PiiRejectedError,
  ProviderUnavailableError,
  RateLimitedError,
} from "astrocyte";
import * as z from "zod";
import { NotMapped } from "../../area-runner.js";

const recordedSchema = z.object({
  message: z.string(),
  attributes: z.record(z.string(), z.unknown()),
});

type Build = (text: (key: string) => string, attributes: Record<string, unknown>) => AstrocyteError;

const optionalText = z.string().nullish();
const optionalNumber = z.number().nullish();

function retryAfterMs(attributes: Record<string, unknown>): number | undefined {
  const seconds = optionalNumber.parse(attributes["retry_after_seconds"]);
  return seconds === undefined || seconds === null ? undefined : seconds * 1000;
}

/** Each error of the reference from its recorded attributes; those without any carry their message only. */
const builders: Readonly<Record<string, Build>> = {
  AccessDenied: (text) =>
    new AccessDeniedError(text("principal"), text("bank_id"), text("permission")),
  AuthorizationError: (text) => new AuthorizationError(text("reason")),
  CapabilityNotSupported: (text) =>
    new CapabilityNotSupportedError(text("provider"), text("capability")),
  ConfigError: (text) => new ConfigError(text("message")),
  CrossBorderViolation: (text) => new CrossBorderViolationError(text("from_zone"), text("to_zone")),
  IngestError: (text) => new IngestError(text("message")),
  LegalHoldActive: (text) => new LegalHoldActiveError(text("bank_id"), text("hold_id")),
  MipRoutingError: (text) => new MipRoutingError(text("message")),
  PiiRejected: (_text, { pii_types: types }) =>
    new PiiRejectedError(z.array(z.string()).parse(types)),
  ProviderUnavailable: (text, { reason }) =>
    new ProviderUnavailableError(text("provider"), optionalText.parse(reason) ?? undefined),
  RateLimited: (text, attributes) =>
    new RateLimitedError(text("bank_id"), text("operation"), retryAfterMs(attributes)),
};

function attributesOf(error: AstrocyteError): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(error)) {
    if (key === "code" || key === "name") continue;
    if (key === "retryAfterMs") {
      attributes["retry_after_seconds"] = typeof value === "number" ? value / 1000 : null;
    } else attributes[key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = value;
  }
  return attributes;
}

/** The error of a name, built from its recorded attributes: its fields and its message. */
export function compareError(name: string, expected: unknown): unknown {
  const { message, attributes } = recordedSchema.parse(expected);
  const build = Object.hasOwn(builders, name) ? builders[name] : undefined;
  if (build === undefined) return new NotMapped(`${name} has no counterpart`);
  const values: Record<string, unknown> = { message, ...attributes };
  const error = build((key) => z.string().parse(values[key]), attributes);
  return {
    attributes: attributesOf(error),
    is_astrocyte_error: AstrocyteError.isInstance(error),
    message: error.message,
  };
}
