/** Labels of a metric, attributes of a span: short names, counts and flags; never content, queries or personal data. */
export type TelemetryAttributes = Readonly<Record<string, string | number | boolean>>;

/** Adds to the attributes of the span that is open. */
export type SetAttributes = (attributes: TelemetryAttributes) => void;

/** Where spans and metrics go. `openTelemetry()` makes one that speaks OpenTelemetry. */
export interface Telemetry {
  /** Runs an operation inside a span; a rejection marks the span as failed, by the error's code. */
  span<Result>(
    name: string,
    attributes: TelemetryAttributes,
    run: (setAttributes: SetAttributes) => Promise<Result>,
  ): Promise<Result>;
  /** Adds one to a counter. */
  count(name: string, labels: TelemetryAttributes): void;
  /** Adds a duration to a histogram. */
  recordSeconds(name: string, seconds: number, labels: TelemetryAttributes): void;
  /** Sets a gauge. */
  gauge(name: string, value: number, labels: TelemetryAttributes): void;
}

/** Keeps nothing. */
export const noTelemetry: Telemetry = {
  span: (_name, _attributes, run) => run(() => undefined),
  count: () => undefined,
  recordSeconds: () => undefined,
  gauge: () => undefined,
};
