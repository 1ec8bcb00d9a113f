/** Runs a call when all that were given before have ended. */
export type Queue = <Result>(call: () => Promise<Result>) => Promise<Result>;

export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (call) => {
    const turn = last.then(call);
    last = turn.catch(() => {});
    return turn;
  };
}
