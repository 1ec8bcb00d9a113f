import { scriptedError } from "./scripted-error.js";

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Methods that do here what the reference does with others. */
const standsFor: Readonly<Record<string, string>> = { list_recent_vectors: "list_vectors" };

/** Makes methods of providers fail while a script says so; a target is such as `vector.store_vectors`. */
export class Faults {
  readonly #classNames = new Map<string, string>();

  fail(target: string, className: string): void {
    this.#classNames.set(target, className);
  }

  repair(target: string): void {
    this.#classNames.delete(target);
  }

  wrap<Provider extends object>(kind: string, provider: Provider): Provider {
    return new Proxy(provider, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== "function" || typeof property !== "string") return value;
        return (...args: unknown[]): unknown => {
          const method = snakeCase(property);
          const className = this.#classNames.get(`${kind}.${standsFor[method] ?? method}`);
          if (className !== undefined) return Promise.reject(scriptedError(className, kind));
          return Reflect.apply(value, target, args);
        };
      },
    });
  }
}
