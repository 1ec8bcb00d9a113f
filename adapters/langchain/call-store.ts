import { StorageError } from "astrocyte";
import type { LangChainVectorStoreLike } from "./vector-store-like.js";

type Method = (...values: readonly unknown[]) => unknown;

export function isMethod(value: unknown): value is Method {
  return typeof value === "function";
}

/**
 * Calls a store with the arguments that it takes, whatever its declaration says.
 *
 * @throws StorageError when it has no such method.
 */
export async function callStore(
  store: LangChainVectorStoreLike,
  name: keyof LangChainVectorStoreLike,
  ...values: readonly unknown[]
): Promise<unknown> {
  const method: unknown = store[name];
  if (!isMethod(method)) throw new StorageError(`The LangChain vector store has no method ${name}`);
  return method.apply(store, [...values]);
}
