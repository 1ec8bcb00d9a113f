import { describe, expect, it } from "vitest";
import { safeTelemetry } from "../src/safe-telemetry.js";
import { noTelemetry, type Telemetry } from "../src/telemetry.js";

const fault = (): never => {
  throw new Error("exporter down");
};
const faults: Record<string, Partial<Telemetry>> = {
  "throws before": { span: fault },
  "rejects before": { span: () => Promise.reject(new Error("exporter down")) },
  "throws after": {
    span: async (_name, _attributes, run) => {
      await run(() => undefined);
      return fault();
    },
  },
  "runs twice": {
    span: async (_name, _attributes, run) => {
      await run(() => undefined);
      return run(() => undefined);
    },
  },
  "swallows the outcome": {
    span: async (_name, _attributes, run) => {
      await run(() => undefined).catch(() => undefined);
      return undefined as never;
    },
  },
  "throws for attributes": { span: (_name, _attributes, run) => run(fault) },
  works: {},
};

async function report(telemetry: Telemetry): Promise<void> {
  telemetry.count("c", {});
  telemetry.recordSeconds("h", 1, {});
  telemetry.gauge("g", 1, {});
  await telemetry.span("s", {}, (setAttributes) => {
    setAttributes({ n: 1 });
    return Promise.resolve();
  });
}

describe("safeTelemetry", () => {
  it.each(Object.entries(faults))(
    "runs an operation once, with its own outcome, where a span %s",
    async (_name, part) => {
      const telemetry = safeTelemetry({ ...noTelemetry, ...part });
      let runs = 0;
      const answer = telemetry.span("s", {}, (setAttributes) => {
        runs += 1;
        setAttributes({ a: 1 });
        return Promise.resolve("done");
      });
      expect(await answer).toBe("done");
      expect(runs).toBe(1);
      const failure = new Error("mine");
      await expect(telemetry.span("s", {}, () => Promise.reject(failure))).rejects.toBe(failure);
    },
  );

  it("passes on what works, and drops the fault of what does not", async () => {
    const heard: string[] = [];
    const good = safeTelemetry({
      span: (name, _attributes, run) => {
        heard.push(name);
        return run(({ n }) => void heard.push(`n=${n}`));
      },
      count: (name) => void heard.push(name),
      recordSeconds: (name) => void heard.push(name),
      gauge: (name) => void heard.push(name),
    });
    await report(good);
    expect(heard).toEqual(["c", "h", "g", "s", "n=1"]);
    await report(safeTelemetry({ span: fault, count: fault, recordSeconds: fault, gauge: fault }));
  });
});
