import { describe, expect, it } from "vitest";
import { deferred } from "../support/deferred.js";
import { BackgroundTasks } from "../../src/pipeline/background-tasks.js";

describe("BackgroundTasks", () => {
  it("runs the tasks of one bank one after another, and those of others beside them", async () => {
    const tasks = new BackgroundTasks();
    const first = deferred();
    const seen: string[] = [];
    const task = (name: string, before?: Promise<void>) => async () => {
      await before;
      seen.push(name);
    };
    tasks.start("a", task("a1", first.promise));
    tasks.start("a", task("a2"));
    tasks.start("b", task("b1"));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(seen).toEqual(["b1"]);
    first.resolve();
    await tasks.flush();
    expect(seen).toEqual(["b1", "a1", "a2"]);
    expect(tasks.size).toBe(0);
  });

  it("waits for tasks that tasks begin", async () => {
    const tasks = new BackgroundTasks();
    let done = false;
    tasks.start("a", async () => {
      tasks.start("b", async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        done = true;
      });
    });
    await tasks.flush();
    expect(done).toBe(true);
  });

  it("refuses more than it may hold", async () => {
    const tasks = new BackgroundTasks({ maxPending: 2 });
    const first = deferred();
    const begun = [1, 2, 3].map(() => tasks.start("a", () => first.promise));
    expect(begun).toEqual([true, true, false]);
    first.resolve();
    await tasks.flush();
    expect(tasks.start("a", () => Promise.resolve())).toBe(true);
  });
});
