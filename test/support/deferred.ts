/** A promise that the test ends. */
export function deferred<Value = void>() {
  const ends: ((value: Value) => void)[] = [];
  const promise = new Promise<Value>((resolve) => ends.push(resolve));
  return {
    promise,
    resolve(value: Value): void {
      for (const end of ends) end(value);
    },
  };
}
