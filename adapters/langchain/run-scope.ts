import {
  astrocyteContextSchema,
  InvalidArgumentError,
  parseShape,
  type AstrocyteContext,
} from "astrocyte";
import { isRecord } from "./is-record.js";

/** The part of a run's config that says for whom it runs. The host writes it; nothing of it comes from a model. */
export interface RunScopeConfig {
  readonly configurable?: Readonly<Record<string, unknown>> | undefined;
  readonly context?: unknown;
}

/** A bank id, or how to get one from the config of the run. */
export type RunBank = string | ((config: RunScopeConfig) => string);

function bankOf(container: unknown): string | undefined {
  const bankId = isRecord(container) ? container["bankId"] : undefined;
  return typeof bankId === "string" ? bankId : undefined;
}

function contextOf(container: unknown, name: string): AstrocyteContext | undefined {
  if (!isRecord(container) || container["principal"] === undefined) return undefined;
  const { principal, actor, onBehalfOf, tenantId } = container;
  return parseShape(astrocyteContextSchema, { principal, actor, onBehalfOf, tenantId }, name);
}

/**
 * The bank of a run: the bound one, else `context.bankId`, else `configurable.bankId`. A bound bank is never overridden.
 *
 * @throws InvalidArgumentError when none is given; there is no default bank.
 */
export function runBankId(
  bound: RunBank | undefined,
  config: RunScopeConfig,
  subject: string,
): string {
  const own = typeof bound === "function" ? bound(config) : bound;
  const bankId = own ?? bankOf(config.context) ?? bankOf(config.configurable);
  if (bankId !== undefined) return bankId;
  throw new InvalidArgumentError(
    `${subject}: no bank for this run; bind bankId at construction, or pass { configurable: { bankId } } or { context: { bankId } } to invoke`,
  );
}

/**
 * Who calls: the bound caller, else `principal`, `actor`, `onBehalfOf` and `tenantId` of the run's `context`, else those of its
 * `configurable`; nobody without any. A bound caller is never overridden, and the parts of two places are never mixed.
 */
export function runCaller(
  bound: AstrocyteContext | undefined,
  { context, configurable }: RunScopeConfig,
): AstrocyteContext | undefined {
  return bound ?? contextOf(context, "context") ?? contextOf(configurable, "configurable");
}
