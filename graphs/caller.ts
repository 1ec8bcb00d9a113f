import type { AstrocyteContext } from "astrocyte";
import type { NodeConfig } from "./bank-id.js";

function principalOf(container: unknown): string | undefined {
  if (typeof container !== "object" || container === null || !("principal" in container)) {
    return undefined;
  }
  return typeof container.principal === "string" ? container.principal : undefined;
}

/** Who calls, for access control: `context.principal` of the run, else `configurable.principal`; nobody without either. */
export function callerOf({ context, configurable }: NodeConfig): AstrocyteContext | undefined {
  const principal = principalOf(context) ?? principalOf(configurable);
  return principal === undefined ? undefined : { principal };
}
