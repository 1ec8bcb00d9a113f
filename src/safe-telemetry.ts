import type { SetAttributes, Telemetry } from "./telemetry.js";

function attempt(report: () => unknown): void {
  try {
    report();
  } catch {
    // Figures are not worth an operation.
  }
}

/**
 * Telemetry that cannot fail an operation: what it throws is dropped, and an operation runs exactly once, whether its span opens
 * or not, with the outcome it has by itself.
 */
export function safeTelemetry(telemetry: Telemetry): Telemetry {
  return {
    async span<Result>(
      name: string,
      attributes: Parameters<Telemetry["span"]>[1],
      run: (setAttributes: SetAttributes) => Promise<Result>,
    ): Promise<Result> {
      let running: Promise<Result> | undefined;
      const runOnce = (setAttributes: SetAttributes): Promise<Result> => {
        running ??= run((more) => attempt(() => setAttributes(more)));
        // Handled below; a span may end before it is asked.
        running.catch(() => undefined);
        return running;
      };
      try {
        await telemetry.span(name, attributes, runOnce);
      } catch {
        // Either the operation's own rejection, which follows, or the span's fault.
      }
      return running ?? run(() => undefined);
    },
    count: (name, labels) => attempt(() => telemetry.count(name, labels)),
    recordSeconds: (name, seconds, labels) =>
      attempt(() => telemetry.recordSeconds(name, seconds, labels)),
    gauge: (name, value, labels) => attempt(() => telemetry.gauge(name, value, labels)),
  };
}
