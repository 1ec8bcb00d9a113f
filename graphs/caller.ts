import type { AstrocyteContext } from "astrocyte";
import type { NodeConfig } from "./bank-id.js";
import { isRecord } from "./is-record.js";

/** Who calls, or how to tell from the state and the config of the running graph. */
export type CallerSelector<State> =
  | AstrocyteContext
  | ((state: State, config: NodeConfig) => AstrocyteContext | undefined);

function textOf(config: NodeConfig, name: "principal" | "tenantId"): string | undefined {
  for (const container of [config.context, config.configurable]) {
    const value = isRecord(container) ? container[name] : undefined;
    if (typeof value === "string") return value;
  }
  return undefined;
}

/**
 * Who calls, for access control: the selector's, else `principal` and `tenantId` of the run's `context`, else of its
 * `configurable`; nobody without a principal.
 */
export function resolveCaller<State>(
  selector: CallerSelector<State> | undefined,
  state: State,
  config: NodeConfig,
): AstrocyteContext | undefined {
  const selected = typeof selector === "function" ? selector(state, config) : selector;
  if (selected !== undefined) return selected;
  const principal = textOf(config, "principal");
  if (principal === undefined) return undefined;
  const tenantId = textOf(config, "tenantId");
  return { principal, ...(tenantId === undefined ? {} : { tenantId }) };
}
