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

/**
 * The providers of one operation behind their circuit breakers. However often the operation calls a provider, its breaker sees
 * one outcome: that of the first call that failed, else a success. A mistake of the caller is no outcome.
 */
export class GuardedOperation {
  readonly #breakerOf: (provider: object, name: string) => CircuitBreaker;
  readonly #signal: AbortSignal | undefined;
  readonly #permits = new Map<object, Permit>();
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

  /** Tells the breakers how the operation went. Providers that were not called are not judged. */
  settle(): void {
    for (const permit of this.#permits.values()) {
      if (this.#signal?.aborted === true) permit.abandon();
      else permit.success();
    }
  }

  #run(key: object, name: string, call: () => unknown): unknown {
    const permit = this.#permits.get(key) ?? this.#breakerOf(key, name).acquire();
    this.#permits.set(key, permit);
    const judge = (error: unknown): never => {
      if (this.#signal?.aborted !== true && isCountedFailure(error)) permit.failure();
      else permit.abandon();
      throw error;
    };
    try {
      const result = call();
      return isThenable(result) ? result.then(undefined, judge) : result;
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

  #breakerOf(provider: object, name: string): CircuitBreaker {
    const known = this.#breakers.get(provider);
    if (known !== undefined) return known;
    const breaker = new CircuitBreaker({ ...this.#options, provider: name });
    this.#breakers.set(provider, breaker);
    return breaker;
  }
}
