import {
  CircuitBreaker,
  type CircuitBreakerOptions,
  type Permit,
} from "../policy/circuit-breaker.js";
import { isCountedFailure } from "../policy/counted-failure.js";

export type ProviderGuardOptions = Omit<CircuitBreakerOptions, "provider">;

/** Asking whether a provider is alive, and closing it, must work while its circuit is open. */
const unguarded: readonly PropertyKey[] = ["health", "close"];

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}

/** What the breaker of one provider will hear at the end of an operation, unless a failure tells it before. */
interface Calls {
  readonly permit: Permit;
  hasSucceeded: boolean;
}

/**
 * The providers of one operation behind their circuit breakers. However often the operation calls a provider, its breaker sees
 * one outcome: a failure when any call failed, else a success when any succeeded, else none. A mistake of the caller is no
 * outcome, and hides none.
 */
export class GuardedOperation {
  readonly #breakerOf: (provider: object, name: string) => CircuitBreaker;
  readonly #signal: AbortSignal | undefined;
  readonly #calls = new Map<object, Calls>();
  readonly #wrapped = new Map<object, object>();

  constructor(
    breakerOf: (provider: object, name: string) => CircuitBreaker,
    signal: AbortSignal | undefined,
  ) {
    this.#breakerOf = breakerOf;
    this.#signal = signal;
  }

  /**
   * The provider with its calls guarded; the same object gives the same one again, so that identity keeps its meaning.
   *
   * @param key - What the breaker belongs to, when `provider` only stands before it.
   */
  wrap<Provider extends object>(
    provider: Provider,
    name: string,
    key: object = provider,
  ): Provider {
    const before = this.#wrapped.get(provider);
    // The map holds for every key a proxy of that very object.
    if (before !== undefined) return before as Provider; // oxlint-disable-line typescript/no-unsafe-type-assertion
    const methods = new Map<PropertyKey, unknown>();
    const proxy = new Proxy(provider, {
      get: (target, property) => {
        // Not the proxy as receiver: private fields belong to the target.
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== "function") return value;
        const known = methods.get(property);
        if (known !== undefined) return known;
        const method = (...args: unknown[]): unknown => {
          const call = (): unknown => Reflect.apply(value, target, args);
          return unguarded.includes(property) ? call() : this.#run(key, name, call);
        };
        methods.set(property, method);
        return method;
      },
    });
    this.#wrapped.set(provider, proxy);
    return proxy;
  }

  /** Tells the breakers how the operation went. Providers that were not called, or never answered, are not judged. */
  settle(): void {
    for (const { permit, hasSucceeded } of this.#calls.values()) {
      if (hasSucceeded) permit.success();
      else permit.abandon();
    }
  }

  #run(key: object, name: string, call: () => unknown): unknown {
    const calls = this.#calls.get(key) ?? {
      permit: this.#breakerOf(key, name).acquire(),
      hasSucceeded: false,
    };
    this.#calls.set(key, calls);
    const judge = (error: unknown): never => {
      if (isCountedFailure(error, this.#signal)) calls.permit.failure();
      throw error;
    };
    const succeed = (result: unknown): unknown => {
      calls.hasSucceeded = true;
      return result;
    };
    try {
      const result = call();
      return isThenable(result) ? result.then(succeed, judge) : succeed(result);
    } catch (error) {
      return judge(error);
    }
  }
}

/** One circuit breaker a provider. */
export class ProviderGuard {
  readonly #options: ProviderGuardOptions;
  readonly #breakers = new WeakMap<object, CircuitBreaker>();

  constructor(options: ProviderGuardOptions) {
    this.#options = options;
  }

  begin(signal: AbortSignal | undefined): GuardedOperation {
    return new GuardedOperation((provider, name) => this.#breakerOf(provider, name), signal);
  }

  /** Guards one call that belongs to no operation of its own. */
  async call<Provider extends object, Result>(
    provider: Provider,
    name: string,
    signal: AbortSignal | undefined,
    run: (guarded: Provider) => Promise<Result>,
  ): Promise<Result> {
    const operation = this.begin(signal);
    try {
      return await run(operation.wrap(provider, name));
    } finally {
      operation.settle();
    }
  }

  #breakerOf(provider: object, name: string): CircuitBreaker {
    const known = this.#breakers.get(provider);
    if (known !== undefined) return known;
    const breaker = new CircuitBreaker({ ...this.#options, provider: name });
    this.#breakers.set(provider, breaker);
    return breaker;
  }
}
