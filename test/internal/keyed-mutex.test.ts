import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { KeyedMutex } from "../../src/internal/keyed-mutex.js";

it("runs tasks with a common key one by one, others side by side, and goes on after a failure", async () => {
  const mutex = new KeyedMutex();
  const log: string[] = [];
  const task = (name: string, ms: number) => async () => {
    log.push(`+${name}`);
    await sleep(ms);
    log.push(`-${name}`);
    if (name === "b") throw new Error("b failed");
  };
  const outcomes = await Promise.allSettled([
    mutex.run(["x", "y"], task("a", 20)),
    mutex.run(["y", "z"], task("b", 10)),
    mutex.run(["z"], task("c", 1)),
    mutex.run(["other"], task("d", 1)),
    mutex.run([], task("e", 1)),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
    "fulfilled",
  ]);
  expect(log.filter((entry) => /[abc]/.test(entry))).toEqual(["+a", "-a", "+b", "-b", "+c", "-c"]);
  expect(log.indexOf("+d")).toBeLessThan(log.indexOf("-a"));
});
