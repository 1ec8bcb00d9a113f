import type { AstrocyteContext } from "astrocyte";
import { runCaller } from "astrocyte/adapters/langchain";
import type { NodeConfig } from "./bank-id.js";

/** Who calls, or how to tell from the state and the config of the running graph. */
export type CallerSelector<State> =
  | AstrocyteContext
  | ((state: State, config: NodeConfig) => AstrocyteContext | undefined);

/**
 * Who calls, for access control: the selector's, else `principal`, `actor`, `onBehalfOf` and `tenantId` of the run's `context`, else
 * those of its `configurable`; nobody without a principal.
 *
 * @throws InvalidArgumentError when a run describes its caller in another form.
 */
export function resolveCaller<State>(
  selector: CallerSelector<State> | undefined,
  state: State,
  config: NodeConfig,
): AstrocyteContext | undefined {
  const selected = typeof selector === "function" ? selector(state, config) : selector;
  return runCaller(selected, config);
}
