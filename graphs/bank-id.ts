import { InvalidArgumentError } from "astrocyte";

/** The part of a LangGraph node's second argument that these nodes read. */
export interface NodeConfig {
  readonly configurable?: Readonly<Record<string, unknown>> | undefined;
  readonly context?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** A bank id, or how to get one from the state and the config of the running graph. */
export type BankSelector<State> = string | ((state: State, config: NodeConfig) => string);

function bankIdOf(container: unknown): string | undefined {
  if (typeof container !== "object" || container === null || !("bankId" in container))
    return undefined;
  return typeof container.bankId === "string" ? container.bankId : undefined;
}

/**
 * The bank of this run: the selector's, else `context.bankId`, else `configurable.bankId`.
 *
 * @throws InvalidArgumentError when none is given; there is no default bank.
 */
export function resolveBankId<State>(
  selector: BankSelector<State> | undefined,
  state: State,
  config: NodeConfig,
): string {
  const selected = typeof selector === "function" ? selector(state, config) : selector;
  const bankId = selected ?? bankIdOf(config.context) ?? bankIdOf(config.configurable);
  if (bankId !== undefined) return bankId;
  throw new InvalidArgumentError(
    "No bank for this run: pass bankId to the node, or { configurable: { bankId } } or { context: { bankId } } to invoke",
  );
}
