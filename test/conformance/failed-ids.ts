import { createCollector, type TestRunner } from "astrocyte/conformance";

/** The ids of the statements that fail when a suite is registered and run. */
export async function failedIds(register: (runner: TestRunner) => void): Promise<string[]> {
  const collector = createCollector();
  register(collector);
  const results = await collector.run();
  return results.filter(({ status }) => status === "failed").map(({ id }) => id);
}
